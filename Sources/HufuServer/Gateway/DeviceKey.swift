import ActivationCodes
import AuditLog
import Crypto
import Foundation
import RequestSigning
import ShangMi
package import Storage

/// A device's signing key as the gateway holds it: what verifies, and whom it stands for.
package struct DeviceKey: Sendable {
    package let stored: StoredSigningKey
    let profile: Profile
    let verification: VerificationKey
    let institutionID: UUID
    let codeID: UUID

    package init(_ stored: StoredSigningKey, _ code: StoredCode, _ keys: AuthorityKeys) throws {
        guard let profile = Profile(id: stored.profile) else {
            throw StorageError.corrupt("the profile of the signing key \(stored.id)")
        }
        self.stored = stored
        self.profile = profile
        institutionID = code.institutionID
        codeID = code.code.id
        verification = try Self.verification(stored, profile, keys)
    }

    func isGood(at now: Date) -> Bool {
        stored.revokedAt == nil && stored.expiresAt.map { now < $0 } != false
    }

    /// Derived from the authority's key and the key's own id, in the form that the profile wants; nil where it
    /// takes a public key alone. Nobody has to keep it.
    static func secret(_ stored: StoredSigningKey, _ keys: AuthorityKeys) -> (text: String, bytes: [UInt8])? {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: keys.signing, salt: Data(stored.id.utf8), info: Data(stored.profile.utf8),
            outputByteCount: 32
        ).withUnsafeBytes { Data($0) }
        switch (stored.profile, stored.algorithm) {
        case ("v3.2.0", _), ("rfc9421", SignatureAlgorithm.hmacSHA256.rawValue):
            return (derived.base64URL, Array(derived))
        case ("tif", _): return text(derived.prefix(16).hexadecimal)
        case ("csb", _): return text(derived.base64URL)
        case ("envelope", _): return text(derived.prefix(16).hexadecimal.uppercased())
        default: return nil
        }
    }

    private static func text(_ text: String) -> (text: String, bytes: [UInt8]) { (text, Array(text.utf8)) }

    private static func verification(
        _ stored: StoredSigningKey, _ profile: Profile, _ keys: AuthorityKeys
    ) throws -> VerificationKey {
        let terms = try stored.terms.map { try JSON(parsing: Array($0.utf8)) } ?? [:]
        let secret = secret(stored, keys).map { SharedSecret($0.bytes) }
        let material: VerificationKey.Material
        switch (profile, secret, stored.publicKey) {
        case (.envelope, let secret?, let pem?):
            material = .envelope(
                try EnvelopeTerms(
                    appID: stored.id, appSecret: secret,
                    keyOrder: terms["key_order"]?.string == "case_insensitive"
                        ? .caseInsensitive : .codePoint,
                    signer: terms["signer"]?.string == "standard" ? .standard : .appSecret,
                    version: terms["version"]?.string ?? "2.0.1"),
                try SM2.Signing.PublicKey(pemRepresentation: pem))
        case (.fsiSM, _, let pem?):
            material = .fsi(
                try ClientTerms(clientID: stored.id), try SM2.Signing.PublicKey(pemRepresentation: pem))
        case (_, _?, _?):
            throw SigningRefusal(
                .keyMalformed, "\(profile.id) takes a shared secret here, and no public key.")
        case (_, let secret?, nil): material = .secret(secret)
        case (_, nil, let pem?):
            material = try VerificationKey.Material(
                profile: profile, pem: pem,
                userID: try terms["user_id"]?.string.map { try SM2.UserID($0) } ?? .default)
        case (_, nil, nil): throw SigningRefusal(.keyMalformed, "\(profile.id) takes a public key.")
        }
        let key = VerificationKey(id: stored.id, material)
        try key.requireFit(for: profile)
        return key
    }
}
