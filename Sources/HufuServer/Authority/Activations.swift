package import ActivationCodes
import AuditLog
package import Foundation
import Storage

/// A redemption of a code, and the challenge that a device may answer to bind itself.
package struct Activation: Sendable {
    package var id: UUID
    package var code: ActivationCode
    package var challenge: Challenge
}

/// A random value that a key's holder signs once, within five minutes.
package struct Challenge: Sendable {
    static let lifetime: TimeInterval = 300

    package var id: UUID
    package var value: Data
    package var expiresAt: Date
}

extension Authority {
    /// Redeems a code: counts one use, and starts its life at the first.
    package func activate(_ call: Call, _ secret: CodeSecret) async throws -> Activation {
        let lookup = keys.codes.lookupHash(of: secret)
        let id = try newID()
        let challenge = try newChallenge()
        let claim = Claim(now: now(), address: call.address)
        return try await decide(
            call, "code.activated", "activate", subject: "code", status: 201
        ) { transaction, record in
            guard let stored = try transaction.code(lookup: lookup) else {
                return .failure(Refusal(.notFound))
            }
            try record.about(stored, approvedIn: transaction)
            switch stored.code.activating(claim) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let code):
                try transaction.update(code)
                try transaction.insertActivation(id: id, codeIndex: code.index, at: claim.now)
                try transaction.insertChallenge(
                    id: challenge.id, subject: id, value: challenge.value, expiresAt: challenge.expiresAt)
                record.data["activation_id"] = JSON(id)
                record.data["from"] = .string(stored.code.state.rawValue)
                record.data["to"] = .string(code.state.rawValue)
                record.data["used_count"] = JSON(code.usedCount)
                return .success(Activation(id: id, code: code, challenge: challenge))
            }
        }
    }

    /// Another challenge for an activation whose first one was used or is too old.
    package func challenge(_ call: Call, _ secret: CodeSecret, activation id: UUID) async throws -> Challenge
    {
        let lookup = keys.codes.lookupHash(of: secret)
        let challenge = try newChallenge()
        return try await decide(
            call, "challenge.issued", "challenge", subject: "activation", status: 201
        ) { transaction, record in
            guard let stored = try transaction.code(lookup: lookup),
                try transaction.codeIndex(ofActivation: id) == stored.code.index
            else { return .failure(Refusal(.notFound)) }
            try record.about(stored, approvedIn: transaction)
            try transaction.insertChallenge(
                id: challenge.id, subject: id, value: challenge.value, expiresAt: challenge.expiresAt)
            return .success(challenge)
        }
    }

    /// A challenge for a bound device that wants a token.
    package func challenge(_ call: Call, binding id: UUID) async throws -> Challenge {
        let challenge = try newChallenge()
        return try await decide(
            call, "challenge.issued", "challenge", subject: "binding", status: 201
        ) { transaction, record in
            guard let binding = try transaction.binding(id: id) else { return .failure(Refusal(.notFound)) }
            record.subject.id = binding.id.lowercased
            try transaction.insertChallenge(
                id: challenge.id, subject: id, value: challenge.value, expiresAt: challenge.expiresAt)
            return .success(challenge)
        }
    }

    private func newChallenge() throws -> Challenge {
        Challenge(
            id: try newID(), value: Data(try entropy.bytes(32)),
            expiresAt: now().addingTimeInterval(Challenge.lifetime))
    }
}
