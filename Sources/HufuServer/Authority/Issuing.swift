package import ActivationCodes
import AuditLog
package import Foundation
package import Storage

/// A code at the only moment at which it is shown.
package struct IssuedCode: Sendable {
    package var secret: CodeSecret
    package var view: CodeView
}

/// A code with what a list needs to know of its devices.
package struct CodeView: Sendable {
    package var stored: StoredCode
    package var devices: Int
    /// What the code is now, also before a sweep marks it.
    package var state: CodeState
}

extension Authority {
    /// Issues the one code of an approved application.
    package func issue(_ call: Call, application id: UUID) async throws -> IssuedCode {
        var generator = CodeGenerator(entropy: entropy)
        let secret = try generator.next()
        let codeID = try newID()
        let now = now()
        return try await decide(
            call, "code.issued", "issue", subject: "code", status: 201
        ) { transaction, record in
            guard let application = try transaction.application(id: id) else {
                throw InputError.notFound("application")
            }
            record.about(application)
            if let refusal = Self.refusal(toIssue: application, alone: true) { return .failure(refusal) }
            let code = try makeCode(transaction, application, id: codeID, at: now)
            let stored = StoredCode(
                code: code, institutionID: application.institutionID, applicationID: application.id)
            try insert(transaction, stored, secret)
            try transaction.setState(.issued, codeID: codeID, of: application.id)
            record.about(stored)
            return .success(
                IssuedCode(secret: secret, view: CodeView(stored: stored, devices: 0, state: code.state)))
        }
    }

    /// All that stands against issuing an application's codes now.
    static func refusal(toIssue application: Application, alone: Bool) -> Refusal? {
        switch application.state {
        case .submitted:
            let missing = application.approvalsNeeded - application.approvals.count
            return Refusal(.approvalMissing, detail: "\(missing) more needed")
        case .rejected: return Refusal(.rejected)
        case .issued: return Refusal(.alreadyDecided, detail: "its codes were issued")
        case .approved:
            guard alone != (application.quantity == 1) else { return nil }
            return Refusal(
                .conflict,
                detail: alone
                    ? "\(application.quantity) codes are issued as a batch: POST /v1/batches"
                    : "one code is issued alone: POST /v1/applications/{id}/issue")
        }
    }

    func makeCode(
        _ transaction: Transaction, _ application: Application, id: UUID, at now: Date
    ) throws -> ActivationCode {
        guard
            let policy = try transaction.policy(
                named: application.policyName, version: application.policyVersion)
        else { throw StorageError.corrupt("application without its policy") }
        return try ActivationCode(
            id: id, index: try transaction.nextCodeIndex(), policy: policy.policy, issuedAt: now,
            terms: ActivationCode.Terms(document: application.terms))
    }

    /// Stores a code: its keyed hash and its sealed text, never the text.
    func insert(_ transaction: Transaction, _ stored: StoredCode, _ secret: CodeSecret) throws {
        try transaction.insert(
            stored, lookup: keys.codes.lookupHash(of: secret),
            sealed: try keys.codes.seal(
                Data(secret.symbols), context: Self.sealingContext(stored.code.id), entropy: entropy))
    }

    /// Ties a sealed payload to its row.
    static func sealingContext(_ id: UUID) -> Data { Data("hufu code v1\n\(id.lowercased)".utf8) }
}
