package import ActivationCodes
import AuditLog
package import Foundation
import Storage

/// Who asks whether a code holds: somebody who knows it, or a device that is bound to it.
package enum Credential: Sendable {
    case code(CodeSecret)
    case device(bindingID: UUID, codeIndex: Int)
}

/// A code that holds now.
package struct Validation: Sendable {
    package var code: ActivationCode
    package var checkedAt: Date
}

/// What is left of a code's uses.
package struct UsageView: Sendable {
    package var code: ActivationCode
}

extension Authority {
    /// Checks a code, audited like every decision. Answers also the index of the entry.
    package func validate(
        _ call: Call, _ credential: Credential, presented: DeviceFingerprint?, scopes: [String]
    ) async throws -> (validation: Validation, index: Int) {
        let decided = try await decideIndexed(
            call, "code.validated", "validate", subject: "code",
            validation(call, credential, presented, scopes))
        return (decided.answer, decided.index)
    }

    /// The same by a code for a caller without a task; see `decideIndexed`.
    func validate(
        _ call: Call, _ secret: CodeSecret, presented: DeviceFingerprint?, scopes: [String],
        _ dataKey: PersonalVault.DataKey,
        then: @escaping @Sendable (Result<(answer: Validation, index: Int), any Error>) -> Void
    ) throws {
        try decideIndexed(
            call, "code.validated", "validate", subject: "code", dataKey,
            validation(call, .code(secret), presented, scopes), then: then)
    }

    private func validation(
        _ call: Call, _ credential: Credential, _ presented: DeviceFingerprint?, _ scopes: [String]
    ) -> @Sendable (Transaction, inout Record) throws -> Result<Validation, Refusal> {
        let claim = Claim(now: now(), address: call.address)
        let lookup = lookup(credential)
        return { transaction, record in
            let holder: Holder
            switch try load(transaction, credential, lookup, presented) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let found): holder = found
            }
            record.about(holder.stored)
            // Scopes that the code grants were looked at when its policy was set.
            let logged = scopes.filter {
                holder.stored.code.scopes.contains($0) || LoggedIdentifier.permits(grant: $0)
            }
            if !logged.isEmpty { record.data["scopes"] = JSON(logged) }
            if let id = holder.bindingID { record.data["binding_id"] = JSON(id) }
            let decided = holder.stored.code.validating(
                claim, device: holder.device, presented: presented, scopes: scopes)
            if holder.isReleased { return .failure(.released(decided.failure)) }
            return decided.map { Validation(code: $0, checkedAt: claim.now) }
        }
    }

    /// Counts metered uses, never past the limit.
    package func use(_ call: Call, _ credential: Credential, amount: Int) async throws -> UsageView {
        let claim = Claim(now: now(), address: call.address)
        let lookup = lookup(credential)
        return try await decide(call, "code.used", "use", subject: "code") { transaction, record in
            switch try load(transaction, credential, lookup, nil) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let holder):
                record.about(holder.stored)
                record.data["amount"] = JSON(amount)
                let decided = holder.stored.code.using(amount, claim)
                if holder.isReleased { return .failure(.released(decided.failure)) }
                switch decided {
                case .failure(let refusal): return .failure(refusal)
                case .success(let code):
                    try transaction.update(code)
                    record.data["used_count"] = JSON(code.usedCount)
                    return .success(UsageView(code: code))
                }
            }
        }
    }

    private struct Holder {
        var stored: StoredCode
        var device: Device?
        var bindingID: UUID?
        /// Whether the device was taken away from the code after it had proved its key.
        var isReleased = false
    }

    private func lookup(_ credential: Credential) -> Data? {
        if case .code(let secret) = credential { keys.codes.lookupHash(of: secret) } else { nil }
    }

    /// The code and the device that speaks for it. With a code alone, the device is the bound one whose
    /// fingerprint was presented; when none matches, any of them, so that the mismatch is told.
    private func load(
        _ transaction: Transaction, _ credential: Credential, _ lookup: Data?, _ presented: DeviceFingerprint?
    ) throws -> Result<Holder, Refusal> {
        switch credential {
        case .code:
            guard let lookup, let stored = try transaction.code(lookup: lookup) else {
                return .failure(Refusal(.notFound))
            }
            guard let presented else { return .success(Holder(stored: stored)) }
            let bound = try transaction.bindings(ofCode: stored.code.index).filter { $0.state == .bound }
            let match =
                bound.first { $0.device.fingerprint.matches(presented, stored.code.matching) } ?? bound.first
            return .success(Holder(stored: stored, device: match?.device, bindingID: match?.id))
        case .device(let bindingID, let index):
            guard let stored = try transaction.code(index: index),
                let binding = try transaction.binding(id: bindingID),
                binding.codeIndex == index
            else { return .failure(Refusal(.notFound)) }
            return .success(
                Holder(
                    stored: stored, device: binding.device, bindingID: binding.id,
                    isReleased: binding.state == .released))
        }
    }
}
