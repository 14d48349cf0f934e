package import ActivationCodes
import AuditLog
package import Crypto
package import Foundation
package import Storage

/// What a device sends to bind its key.
package struct BindingRequest: Sendable {
    package var secret: CodeSecret
    package var activationID: UUID
    package var challengeID: UUID
    package var publicKey: P256.Signing.PublicKey
    package var fingerprint: DeviceFingerprint
    package var signature: P256.Signing.ECDSASignature

    package init(
        secret: CodeSecret, activationID: UUID, challengeID: UUID, publicKey: P256.Signing.PublicKey,
        fingerprint: DeviceFingerprint, signature: P256.Signing.ECDSASignature
    ) {
        self.secret = secret
        self.activationID = activationID
        self.challengeID = challengeID
        self.publicKey = publicKey
        self.fingerprint = fingerprint
        self.signature = signature
    }
}

/// A bound device with what it needs to go on: a token to call with and a lease to work offline with.
package struct BoundDevice: Sendable {
    package var binding: Binding
    package var code: ActivationCode
    package var accessToken: String
    package var lease: String
}

extension Authority {
    /// The text whose signature proves that the device holds the key it registers.
    static func bindingProof(challenge: UUID, value: Data, activation: UUID, thumbprint: Data) -> Data {
        Data(
            "hufu-binding-v1\n\(challenge.lowercased)\n\(value.base64URL)\n\(activation.lowercased)\n\(thumbprint.base64URL)\n"
                .utf8)
    }

    /// The same for a bound device that asks for a token.
    static func tokenProof(challenge: UUID, value: Data, binding: UUID) -> Data {
        Data("hufu-token-v1\n\(challenge.lowercased)\n\(value.base64URL)\n\(binding.lowercased)\n".utf8)
    }

    /// Binds a device to a code that it activated.
    package func bind(_ call: Call, _ request: BindingRequest) async throws -> BoundDevice {
        let lookup = keys.codes.lookupHash(of: request.secret)
        let claim = Claim(now: now(), address: call.address)
        let device = Device(keyThumbprint: request.publicKey.thumbprint, fingerprint: request.fingerprint)
        let known = try await store.read { transaction in
            (
                challenge: try transaction.challenge(
                    id: request.challengeID, subject: request.activationID, at: claim.now),
                binding: try transaction.code(lookup: lookup).flatMap { stored in
                    try transaction.bindings(ofCode: stored.code.index)
                        .first { $0.device.keyThumbprint == device.keyThumbprint }
                }, index: try transaction.code(lookup: lookup)?.code.index
            )
        }
        // Verified here, beside the one writer: 75 µs that nobody else must wait for.
        let proves = known.challenge.map {
            request.publicKey.isValidSignature(
                request.signature,
                for: Self.bindingProof(
                    challenge: request.challengeID, value: $0, activation: request.activationID,
                    thumbprint: device.keyThumbprint))
        }
        let binding = Binding(
            id: try known.binding?.id ?? newID(), codeIndex: known.index ?? 0, device: device,
            publicKey: request.publicKey.x963Representation, createdAt: claim.now)
        let token = try await tokens.issue(
            .device, subject: binding.id, index: known.index, id: try newID(), at: claim.now)
        return try await decide(
            call, "device.bound", "bind", subject: "code", status: 201
        ) { transaction, record in
            guard let stored = try transaction.code(lookup: lookup),
                try transaction.codeIndex(ofActivation: request.activationID) == stored.code.index
            else { return .failure(Refusal(.notFound)) }
            try record.about(stored, approvedIn: transaction)
            record.data["binding_id"] = JSON(binding.id)
            record.data["key_thumbprint"] = .string(device.keyThumbprint.base64URL)
            guard proves != nil,
                try consume(transaction, request.challengeID, request.activationID, claim.now)
            else { return .failure(Refusal(.challengeInvalid)) }
            guard proves == true else { return .failure(Refusal(.proofInvalid)) }
            let others = try transaction.bindings(ofCode: stored.code.index)
            if others.contains(where: {
                $0.device.keyThumbprint == device.keyThumbprint && $0.id != binding.id
            }) {
                throw InputError.conflict("this key is being bound by another request")
            }
            let decided = stored.code.binding(
                device, among: others.filter { $0.state == .bound }.map(\.device), claim)
            if others.contains(where: { $0.id == binding.id && $0.state == .released }) {
                return .failure(.released(decided.failure))
            }
            switch decided {
            case .failure(let refusal): return .failure(refusal)
            case .success(let code):
                try transaction.update(code)
                try transaction.save(binding)
                record.data["from"] = .string(stored.code.state.rawValue)
                record.data["to"] = .string(code.state.rawValue)
                return .success(
                    BoundDevice(
                        binding: binding, code: code, accessToken: token,
                        lease: try lease(code, binding, at: claim.now)))
            }
        }
    }

    /// A new token and lease for a bound device that proves its key again.
    package func renewToken(
        _ call: Call, binding id: UUID, challenge: UUID, fingerprint: DeviceFingerprint,
        signature: P256.Signing.ECDSASignature
    ) async throws -> BoundDevice {
        let claim = Claim(now: now(), address: call.address)
        let known = try await store.read { transaction in
            (
                challenge: try transaction.challenge(id: challenge, subject: id, at: claim.now),
                binding: try transaction.binding(id: id)
            )
        }
        let proves = try known.challenge.flatMap { value in
            try known.binding.map { binding in
                try P256.Signing.PublicKey(x963Representation: binding.publicKey).isValidSignature(
                    signature, for: Self.tokenProof(challenge: challenge, value: value, binding: id))
            }
        }
        let token = try await tokens.issue(
            .device, subject: id, index: known.binding?.codeIndex, id: try newID(), at: claim.now)
        return try await decide(call, "device.token_issued", "issue_token", subject: "binding") {
            transaction, record in
            guard let binding = try transaction.binding(id: id),
                let stored = try transaction.code(index: binding.codeIndex)
            else { return .failure(Refusal(.notFound)) }
            try record.about(stored, approvedIn: transaction)
            record.data["binding_id"] = JSON(id)
            guard proves != nil, try consume(transaction, challenge, id, claim.now) else {
                return .failure(Refusal(.challengeInvalid))
            }
            guard proves == true else { return .failure(Refusal(.proofInvalid)) }
            let refusal = stored.code.validating(
                claim, device: binding.device, presented: fingerprint, scopes: []
            ).failure
            if binding.state == .released { return .failure(.released(refusal)) }
            if let refusal { return .failure(refusal) }
            return .success(
                BoundDevice(
                    binding: binding, code: stored.code, accessToken: token,
                    lease: try lease(stored.code, binding, at: claim.now)))
        }
    }

    /// A challenge answers once: it is gone, whether the answer was right or wrong.
    private func consume(
        _ transaction: Transaction, _ challenge: UUID, _ subject: UUID, _ now: Date
    ) throws -> Bool {
        guard try transaction.challenge(id: challenge, subject: subject, at: now) != nil else { return false }
        try transaction.removeChallenge(id: challenge)
        return true
    }

    /// How long a device may work without asking again, in seconds.
    static let leaseStaleness = 24 * 3600

    private func lease(_ code: ActivationCode, _ binding: Binding, at now: Date) throws -> String {
        try Lease(
            issuer: "hufu", codeIndex: code.index, codeID: code.id, bindingID: binding.id,
            scopes: code.scopes,
            issuedAt: now,
            expiresAt: code.expiresAt ?? now.addingTimeInterval(TimeInterval(Self.leaseStaleness)),
            maximumStaleness: Self.leaseStaleness, keyThumbprint: binding.device.keyThumbprint
        ).signed(by: keys.lease, keyID: keys.leaseKeyID)
    }

    package func binding(_ id: UUID) async throws -> BindingView {
        let found = try await store.read { transaction in
            try transaction.binding(id: id).flatMap { binding in
                try transaction.code(index: binding.codeIndex).map {
                    BindingView(binding: binding, codeID: $0.code.id)
                }
            }
        }
        guard let found else { throw InputError.notFound("binding") }
        return found
    }

    package func bindings(_ page: Page, code id: UUID?) async throws -> [BindingView] {
        try await store.read { transaction in
            if let id {
                guard let stored = try transaction.code(id: id) else { throw InputError.notFound("code") }
                return try transaction.bindings(ofCode: stored.code.index)
                    .filter { $0.id.lowercased > page.cursor }.prefix(page.limit)
                    .map { BindingView(binding: $0, codeID: id) }
            }
            return try transaction.bindings(after: page.cursor, limit: page.limit).compactMap { binding in
                try transaction.code(index: binding.codeIndex).map {
                    BindingView(binding: binding, codeID: $0.code.id)
                }
            }
        }
    }

    /// Takes a device away from a code; its place is free again, its key can never bind to this code again.
    package func release(_ call: Call, binding id: UUID) async throws -> BindingView {
        try await decide(call, "device.released", "release", subject: "binding") { transaction, record in
            guard var binding = try transaction.binding(id: id),
                let stored = try transaction.code(index: binding.codeIndex)
            else { throw InputError.notFound("binding") }
            try record.about(stored, approvedIn: transaction)
            record.data["binding_id"] = JSON(id)
            if binding.state == .released { return .failure(Refusal(.deviceRevoked)) }
            try transaction.release(id)
            binding.state = .released
            return .success(BindingView(binding: binding, codeID: stored.code.id))
        }
    }
}

package struct BindingView: Sendable {
    package var binding: Binding
    package var codeID: UUID
}
