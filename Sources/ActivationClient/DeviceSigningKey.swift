import ActivationCodes
import AuditLog
package import Foundation
package import RequestSigning

/// A key that this device signs calls with, as it is kept inside the device file's seal.
package struct DeviceSigningKey: Sendable {
    /// As the server named it.
    package var id: String
    package var profile: Profile
    /// Only with `rfc9421`.
    package var algorithm: SignatureAlgorithm?
    /// The binding that registered it; it signs for no other.
    package var bindingID: UUID
    package var createdAt: Date
    package var expiresAt: Date?
    /// DER of an RSA key, the bare number of any other; nil for shared secrets.
    package var privateKey: Data?
    /// A shared secret's bytes, or the secret of an envelope's terms.
    package var secret: Data?
    package var terms: SigningKeyTerms

    package init(
        id: String, profile: Profile, algorithm: SignatureAlgorithm?, bindingID: UUID, createdAt: Date,
        expiresAt: Date?, privateKey: Data?, secret: Data?, terms: SigningKeyTerms
    ) {
        self.id = id
        self.profile = profile
        self.algorithm = algorithm
        self.bindingID = bindingID
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.privateKey = privateKey
        self.secret = secret
        self.terms = terms
    }

    /// With what is due before `margin` seconds are over counted as over.
    package func holds(at now: Date, margin: TimeInterval = 0) -> Bool {
        expiresAt.map { $0 > now.addingTimeInterval(margin) } ?? true
    }

    /// - Throws: `key_malformed`.
    package func signingKey() throws(SigningRefusal) -> SigningKey {
        SigningKey(
            id: id,
            try terms.material(
                of: profile, id: id, privateKey: privateKey.map { Array($0) },
                secret: secret.map { Array($0) },
                algorithm: algorithm))
    }
}

// Inside the seal: docs/formats/device-file.md.
extension DeviceSigningKey {
    var json: JSON {
        var json: JSON = [
            "id": .string(id), "profile": .string(profile.id),
            "binding_id": .string(bindingID.uuidString.lowercased()),
            "created_at": .string(createdAt.rfc3339),
        ]
        json["algorithm"] = algorithm.map { .string($0.rawValue) }
        json["expires_at"] = expiresAt.map { .string($0.rfc3339) }
        json["private_key"] = privateKey.map { .string(Base64URL.encode($0)) }
        json["secret"] = secret.map { .string(Base64URL.encode($0)) }
        json["user_id"] = terms.userID.map { .string($0) }
        if profile == .envelope { json["options"] = terms.options }
        return json
    }

    /// Nil for anything but what `json` writes.
    init?(json: JSON) {
        guard let id = json["id"]?.string, let profile = json["profile"]?.string.flatMap({ Profile(id: $0) }),
            let bindingID = json["binding_id"]?.uuid, let createdAt = json["created_at"]?.date
        else { return nil }
        self.init(
            id: id, profile: profile, algorithm: json["algorithm"]?.string.flatMap(SignatureAlgorithm.init),
            bindingID: bindingID, createdAt: createdAt, expiresAt: json["expires_at"]?.date,
            privateKey: json["private_key"]?.base64URL, secret: json["secret"]?.base64URL,
            terms: SigningKeyTerms(json["options"], userID: json["user_id"]?.string))
    }
}
