package import ActivationCodes
import AuditLog
package import Foundation
package import Storage

extension Authority {
    package func code(_ id: UUID) async throws -> CodeView {
        let now = now()
        let found = try await store.read { transaction in
            try transaction.code(id: id).map { try Self.view($0, transaction, at: now) }
        }
        guard let found else { throw InputError.notFound("code") }
        return found
    }

    package func codes(_ filter: CodeFilter, _ page: Page) async throws -> [CodeView] {
        let now = now()
        return try await store.read { transaction in
            try transaction.codes(filter, at: now, after: page.index, limit: page.limit)
                .map { try Self.view($0, transaction, at: now) }
        }
    }

    static func view(_ stored: StoredCode, _ transaction: Transaction, at now: Date) throws -> CodeView {
        CodeView(
            stored: stored, devices: try transaction.boundDevices(ofCode: stored.code.index),
            state: stored.code.effectiveState(at: now))
    }

    /// A change of a code by an operator: load, decide, write back.
    func change(
        _ call: Call, _ id: UUID, _ event: String, _ action: String, data: [String: JSON] = [:],
        comment: String? = nil,
        _ decision: @escaping @Sendable (ActivationCode, Date) -> Result<ActivationCode, Refusal>
    ) async throws -> CodeView {
        let now = now()
        return try await decide(
            call, event, action, subject: "code", personal: comment.map { ["comment": .string($0)] } ?? [:]
        ) { transaction, record in
            guard var stored = try transaction.code(id: id) else { throw InputError.notFound("code") }
            try record.about(stored, approvedIn: transaction)
            record.data.merge(data) { $1 }
            let before = stored.code.state
            switch decision(stored.code, now) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let code):
                try transaction.update(code)
                stored.code = code
                record.data["from"] = .string(before.rawValue)
                record.data["to"] = .string(code.state.rawValue)
                if let expiresAt = code.expiresAt { record.data["expires_at"] = JSON(expiresAt) }
                return .success(try Self.view(stored, transaction, at: now))
            }
        }
    }

    package func renew(_ call: Call, code id: UUID) async throws -> CodeView {
        try await change(call, id, "code.renewed", "renew") { $0.renewing(at: $1) }
    }

    package func suspend(_ call: Call, code id: UUID, comment: String?) async throws -> CodeView {
        try await change(call, id, "code.suspended", "suspend", comment: comment) { $0.suspending(at: $1) }
    }

    package func resume(_ call: Call, code id: UUID) async throws -> CodeView {
        try await change(call, id, "code.resumed", "resume") { $0.resuming(at: $1) }
    }

    package func revoke(
        _ call: Call, code id: UUID, _ reason: RevocationReason, comment: String?
    ) async throws -> CodeView {
        try await change(
            call, id, "code.revoked", "revoke",
            data: ["revocation_reason": .string(reason.name), "revocation_reason_code": JSON(reason.code)],
            comment: comment
        ) { $0.revoking(reason, at: $1) }
    }

    /// The entries about a code, oldest first: of a code from a batch, the confirmation that issued it is the first.
    package func timeline(code id: UUID, _ page: Page) async throws -> [StoredEntry] {
        let batchID = try await code(id).stored.batchID
        return try await store.read { transaction in
            var found: [StoredEntry] = []
            if let batchID {
                var issue = EntryFilter()
                issue.subjectID = batchID.lowercased
                issue.event = "batch.issued"
                issue.outcome = AuditEntry.Outcome.success.rawValue
                found = try transaction.entries(issue, after: -1, newestFirst: false, limit: 1)
                    .filter { $0.index > page.index }
            }
            var filter = EntryFilter()
            filter.subjectID = id.lowercased
            return found
                + (try transaction.entries(
                    filter, after: page.index, newestFirst: false, limit: page.limit - found.count))
        }
    }
}
