import AuditLog
import Crypto
import CryptoExtras
package import RequestSigning
package import ShangMi

/// What both sides agree on beside the key itself.
package struct SigningKeyTerms: Sendable, Equatable {
    /// Of SM2 signatures by `gm`; nil for the default.
    package var userID: String?
    /// `envelope` only, like the next two.
    package var signer: EnvelopeTerms.Signer
    package var keyOrder: KeyOrder
    package var version: String

    package init(
        userID: String? = nil, signer: EnvelopeTerms.Signer = .appSecret, keyOrder: KeyOrder = .codePoint,
        version: String = "2.0.1"
    ) {
        self.userID = userID
        self.signer = signer
        self.keyOrder = keyOrder
        self.version = version
    }

    /// As requests, answers and the device file have them; what is missing is the default.
    init(_ options: JSON?, userID: String?) {
        self.init(
            userID: userID, signer: options?["signer"]?.string == "standard" ? .standard : .appSecret,
            keyOrder: options?["key_order"]?.string == "case_insensitive" ? .caseInsensitive : .codePoint,
            version: options?["version"]?.string ?? "2.0.1")
    }

    var options: JSON {
        [
            "signer": .string(signer == .standard ? "standard" : "app_secret"),
            "key_order": .string(keyOrder == .caseInsensitive ? "case_insensitive" : "code_point"),
            "version": .string(version),
        ]
    }

    /// - Throws: `key_malformed` for a user id that is too long.
    package func sm2UserID() throws(SigningRefusal) -> SM2.UserID {
        guard let userID else { return .default }
        do {
            return try SM2.UserID(userID)
        } catch {
            throw SigningRefusal(.keyMalformed, "An SM2 user id has at most 8191 bytes.")
        }
    }

    /// The key to sign with, out of what is kept of it.
    ///
    /// - Throws: `key_malformed`, also for a part that is missing.
    package func material(
        of profile: Profile, id: String, privateKey: [UInt8]?, secret: [UInt8]?,
        algorithm: SignatureAlgorithm? = nil
    ) throws(SigningRefusal) -> SigningKey.Material {
        switch profile {
        case .envelope:
            guard let privateKey, let secret else { throw Self.incomplete(profile) }
            let terms = try EnvelopeTerms(
                appID: id, appSecret: SharedSecret(secret), keyOrder: keyOrder, signer: signer,
                version: version)
            return .envelope(terms, try Self.sm2(privateKey))
        case .fsiSM:
            guard let privateKey else { throw Self.incomplete(profile) }
            return .fsi(try ClientTerms(clientID: id), try Self.sm2(privateKey))
        case .rfc9421:
            guard let bytes = privateKey ?? secret else { throw Self.incomplete(profile) }
            return try Self.message(algorithm, bytes)
        default:
            guard let bytes = privateKey ?? secret else { throw Self.incomplete(profile) }
            return try SigningKey.Material(profile: profile, raw: bytes, userID: sm2UserID())
        }
    }

    private static func message(
        _ algorithm: SignatureAlgorithm?, _ bytes: [UInt8]
    ) throws(SigningRefusal) -> SigningKey.Material {
        let key: SigningKey.Material? =
            switch algorithm {
            case .hmacSHA256: .secret(SharedSecret(bytes))
            case .ed25519: (try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)).map { .ed25519($0) }
            case .ecdsaP256SHA256: (try? P256.Signing.PrivateKey(rawRepresentation: bytes)).map { .p256($0) }
            case .rsaPSSSHA512: (try? _RSA.Signing.PrivateKey(derRepresentation: bytes)).map { .rsa($0) }
            case nil: nil
            }
        guard let key else { throw SigningRefusal(.keyMalformed, "The key isn't one of its algorithm.") }
        return key
    }

    private static func sm2(_ bytes: [UInt8]) throws(SigningRefusal) -> SM2.Signing.PrivateKey {
        guard let key = try? SM2.Signing.PrivateKey(rawRepresentation: bytes) else {
            throw SigningRefusal(.keyMalformed, "The bytes aren't an SM2 private key.")
        }
        return key
    }

    private static func incomplete(_ profile: Profile) -> SigningRefusal {
        SigningRefusal(.keyMalformed, "A part of the key for \(profile.id) is missing.")
    }
}
