import ActivationCodes
import AuditLog
package import Crypto
package import Foundation

/// What a device keeps: its key and what the authority gave it. Written sealed by `DeviceFile`.
package struct DeviceRecord: Sendable {
    /// An activation that was begun. Kept so that a crash between the server's answer and ours spends no
    /// second use of the code.
    package struct Pending: Sendable, Equatable {
        /// SHA-256 of the canonical code, to know it again.
        package var codeHash: Data
        package var idempotencyKey: String
        package var activationID: String?

        package init(codeHash: Data, idempotencyKey: String, activationID: String?) {
            self.codeHash = codeHash
            self.idempotencyKey = idempotencyKey
            self.activationID = activationID
        }
    }

    package struct Binding: Sendable, Equatable {
        /// Where it was activated, and the product whose salt hashed the fingerprint.
        package var server: String
        package var product: String
        package var id: UUID
        package var codeID: UUID
        /// The compact token as the authority signed it.
        package var lease: String
        package var accessToken: String
        package var accessTokenExpiresAt: Date
        /// Key id → 32-byte Ed25519 key, pinned at activation.
        package var authorityKeys: [String: Data]
        /// Component → hash, as registered.
        package var fingerprint: [String: Data]

        package init(
            server: String, product: String, id: UUID, codeID: UUID, lease: String, accessToken: String,
            accessTokenExpiresAt: Date, authorityKeys: [String: Data], fingerprint: [String: Data]
        ) {
            self.server = server
            self.product = product
            self.id = id
            self.codeID = codeID
            self.lease = lease
            self.accessToken = accessToken
            self.accessTokenExpiresAt = accessTokenExpiresAt
            self.authorityKeys = authorityKeys
            self.fingerprint = fingerprint
        }
    }

    package var key: P256.Signing.PrivateKey
    /// The latest time ever seen; only ever moves forward.
    package private(set) var lastSeen: Date
    package var pending: Pending?
    package var binding: Binding?
    /// What it signs calls with, in the order of registration.
    package var signingKeys: [DeviceSigningKey] = []

    package init(key: P256.Signing.PrivateKey, lastSeen: Date) {
        self.key = key
        self.lastSeen = lastSeen
    }

    /// - Returns: whether that moved the time by at least a second, so that it is worth a write.
    package mutating func see(_ now: Date) -> Bool {
        guard now > lastSeen else { return false }
        defer { lastSeen = now }
        return now.timeIntervalSince(lastSeen) >= 1
    }
}

// The plain text inside the seal: docs/formats/device-file.md.
extension DeviceRecord {
    var json: JSON {
        var json: JSON = [
            "key": .string(Base64URL.encode(key.rawRepresentation)),
            "last_seen": .string(lastSeen.rfc3339),
        ]
        if let pending {
            json["pending"] = [
                "code_hash": .string(Base64URL.encode(pending.codeHash)),
                "idempotency_key": .string(pending.idempotencyKey),
                "activation_id": pending.activationID.map { .string($0) } ?? .null,
            ]
        }
        if let binding {
            json["binding"] = [
                "server": .string(binding.server),
                "product": .string(binding.product),
                "id": .string(binding.id.uuidString.lowercased()),
                "code_id": .string(binding.codeID.uuidString.lowercased()),
                "lease": .string(binding.lease),
                "access_token": .string(binding.accessToken),
                "access_token_expires_at": .string(binding.accessTokenExpiresAt.rfc3339),
                "authority_keys": .object(binding.authorityKeys.mapValues { .string(Base64URL.encode($0)) }),
                "fingerprint": .object(binding.fingerprint.mapValues { .string(Base64URL.encode($0)) }),
            ]
        }
        if !signingKeys.isEmpty { json["signing_keys"] = .array(signingKeys.map(\.json)) }
        return json
    }

    /// Nil for anything but what `json` writes: it came out of the seal, so there is nobody to explain it to.
    init?(json: JSON) {
        guard let keyBytes = json["key"]?.base64URL,
            let key = try? P256.Signing.PrivateKey(rawRepresentation: keyBytes),
            let lastSeen = json["last_seen"]?.date
        else { return nil }
        self.init(key: key, lastSeen: lastSeen)
        if let pending = json["pending"] {
            guard let codeHash = pending["code_hash"]?.base64URL, let key = pending["idempotency_key"]?.string
            else { return nil }
            self.pending = Pending(
                codeHash: codeHash, idempotencyKey: key, activationID: pending["activation_id"]?.string)
        }
        if let binding = json["binding"] {
            guard let binding = Binding(json: binding) else { return nil }
            self.binding = binding
        }
        for item in json["signing_keys"]?.array ?? [] {
            guard let key = DeviceSigningKey(json: item) else { return nil }
            signingKeys.append(key)
        }
    }
}

extension DeviceRecord.Binding {
    fileprivate init?(json: JSON) {
        guard let server = json["server"]?.string, let product = json["product"]?.string,
            let id = json["id"]?.uuid, let codeID = json["code_id"]?.uuid, let lease = json["lease"]?.string,
            let accessToken = json["access_token"]?.string,
            let expiry = json["access_token_expires_at"]?.date,
            let keys = json["authority_keys"]?.object, let hashes = json["fingerprint"]?.object
        else { return nil }
        self.init(
            server: server, product: product, id: id, codeID: codeID, lease: lease, accessToken: accessToken,
            accessTokenExpiresAt: expiry,
            authorityKeys: keys.compactMapValues(\.base64URL),
            fingerprint: hashes.compactMapValues(\.base64URL))
    }
}

extension JSON {
    var base64URL: Data? { string.flatMap { Base64URL.decode($0) } }
    var date: Date? { string.flatMap { Date(rfc3339: $0) } }
    var uuid: UUID? { string.flatMap { UUID(uuidString: $0) } }
}
