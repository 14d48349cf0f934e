package import ActivationCodes
package import AuditLog
import Foundation
package import RequestSigning
import ShangMi
import Storage

/// What a device asks for when it registers a key.
package struct SigningKeyRequest: Sendable {
    var profile: Profile
    var algorithm: SignatureAlgorithm?
    var publicKey: String?
    var terms: JSON?
    var validity: ValidityPeriod?

    package init(
        profile: Profile, algorithm: SignatureAlgorithm? = nil, publicKey: String? = nil, terms: JSON? = nil,
        validity: ValidityPeriod? = nil
    ) {
        self.profile = profile
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.terms = terms
        self.validity = validity
    }
}

/// A registered key as its owner sees it; the secret only when it is new.
package struct SigningKeyView: Representable {
    var key: DeviceKey
    package var secret: String?

    package var id: String { key.stored.id }

    package var json: JSON {
        let stored = key.stored
        let terms = stored.terms.flatMap { try? JSON(parsing: Array($0.utf8)) }
        let userID = terms?["user_id"]
        return .compact([
            "key_id": .string(stored.id), "profile": .string(stored.profile),
            "kind": .string(key.verification.material.kind.rawValue), "algorithm": JSON(stored.algorithm),
            "secret": JSON(secret), "options": userID == nil ? terms ?? .null : .null,
            "user_id": userID ?? .null, "institution_id": JSON(key.institutionID),
            "binding_id": JSON(stored.bindingID), "code_id": JSON(key.codeID),
            "created_at": JSON(stored.createdAt), "expires_at": JSON(stored.expiresAt),
            "revoked_at": JSON(stored.revokedAt),
        ])
    }
}

extension Authority {
    /// Keys of one device that hold at once; more than any rotation needs.
    private static let mostSigningKeys = 64

    /// Registers a key of a bound device. Its secret, where it has one, is shown only now.
    package func registerSigningKey(_ call: Call, _ request: SigningKeyRequest) async throws -> SigningKeyView
    {
        let device = try call.device()
        let now = now()
        let stored = StoredSigningKey(
            id: try newKeyID(), bindingID: device.bindingID, codeIndex: device.codeIndex,
            profile: request.profile.id, algorithm: request.algorithm?.rawValue, publicKey: request.publicKey,
            terms: request.terms?.canonicalText, createdAt: now,
            expiresAt: request.validity?.date(after: now))
        let claim = Claim(now: now, address: call.address)
        return try await decide(
            call, "signing_key.registered", "register_key", subject: "binding", status: 201
        ) { transaction, record in
            switch try holder(transaction, device, claim, &record) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let code):
                let held = try transaction.signingKeys(ofBinding: device.bindingID)
                guard held.filter({ $0.revokedAt == nil }).count < Self.mostSigningKeys else {
                    throw InputError.conflict(
                        "the device has \(Self.mostSigningKeys) keys: revoke some that are not in use")
                }
                let key = try DeviceKey(stored, code, keys)
                try transaction.insert(stored)
                record.data["key_id"] = .string(stored.id)
                record.data["profile"] = .string(stored.profile)
                return .success(SigningKeyView(key: key, secret: DeviceKey.secret(stored, keys)?.text))
            }
        }
    }

    func signingKeys(_ call: Call) async throws -> [SigningKeyView] {
        let device = try call.device()
        return try await store.read { transaction in
            guard let code = try transaction.code(index: device.codeIndex) else { return [] }
            return try transaction.signingKeys(ofBinding: device.bindingID).map {
                SigningKeyView(key: try DeviceKey($0, code, keys))
            }
        }
    }

    /// Revokes a key: a device only its own, an operator any. The next call under it is refused.
    func revokeSigningKey(_ call: Call, id: String, _ ring: DeviceKeyRing) async throws -> SigningKeyView {
        let now = now()
        let view = try await decide(
            call, "signing_key.revoked", "revoke_key", subject: "binding"
        ) { transaction, record -> Result<SigningKeyView, Refusal> in
            guard var stored = try transaction.signingKey(id: id),
                let code = try transaction.code(index: stored.codeIndex), call.mayRevoke(stored)
            else { throw InputError.notFound("signing key") }
            try record.about(code, approvedIn: transaction)
            record.data["binding_id"] = JSON(stored.bindingID)
            record.data["key_id"] = .string(id)
            if stored.revokedAt == nil {
                stored.revokedAt = now
                try transaction.revokeSigningKey(id: id, at: now)
            }
            return .success(SigningKeyView(key: try DeviceKey(stored, code, keys)))
        }
        ring.forget(id: id)
        return view
    }

    /// The code of a bound device that may still act.
    private func holder(
        _ transaction: Transaction, _ device: (bindingID: UUID, codeIndex: Int), _ claim: Claim,
        _ record: inout Record
    ) throws -> Result<StoredCode, Refusal> {
        guard let code = try transaction.code(index: device.codeIndex),
            let binding = try transaction.binding(id: device.bindingID), binding.codeIndex == device.codeIndex
        else { return .failure(Refusal(.notFound)) }
        try record.about(code, approvedIn: transaction)
        record.data["binding_id"] = JSON(device.bindingID)
        let decided = code.code.validating(claim, device: binding.device, presented: nil, scopes: [])
        if binding.state == .released { return .failure(.released(decided.failure)) }
        return decided.map { _ in code }
    }

    /// 16 letters and digits, 80 bits: fits every version's name for a key.
    private func newKeyID() throws -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        return String(decoding: try entropy.bytes(16).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}

extension Call {
    fileprivate func device() throws -> (bindingID: UUID, codeIndex: Int) {
        guard case .device(let bindingID, let codeIndex) = caller else { throw InputError.unauthenticated }
        return (bindingID, codeIndex)
    }

    fileprivate func mayRevoke(_ key: StoredSigningKey) -> Bool {
        switch caller {
        case .person: true
        case .device(let bindingID, _): bindingID == key.bindingID
        case .anonymous, .system: false
        }
    }
}
