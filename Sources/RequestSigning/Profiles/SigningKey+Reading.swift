import Crypto
import CryptoExtras
public import ShangMi

extension SigningKey.Material {
    /// The PKCS#8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// A private key out of PEM (PKCS#8; SEC1 and `RSA PRIVATE KEY` too): the first of the profile's kinds
    /// that the text is.
    ///
    /// - Parameter userID: of SM2 keys.
    /// - Throws: `key_malformed`.
    public init(
        profile: Profile, pem: String, userID: SM2.UserID = .default
    ) throws(SigningRefusal) {
        for kind in profile.keyKinds {
            if let key = Self.read(kind, pem, userID) {
                self = key
                return
            }
        }
        throw SigningRefusal(.keyMalformed, "The PEM isn't a private key that \(profile.id) uses.")
    }

    /// A key out of its bytes: the secret itself, the 32 bytes of P-256, SM2 (33 with a leading zero too) or
    /// Ed25519, the DER of an RSA key. Of several kinds the first that the bytes fit.
    ///
    /// - Throws: `key_malformed`.
    public init(
        profile: Profile, raw: [UInt8], userID: SM2.UserID = .default
    ) throws(SigningRefusal) {
        for kind in profile.keyKinds {
            if let key = Self.read(kind, raw, userID, secretSizes: profile.secretSizes) {
                self = key
                return
            }
        }
        throw SigningRefusal(.keyMalformed, "The bytes aren't a private key that \(profile.id) uses.")
    }

    /// A private key as sites hand it out: the Base64 of 32 bytes, or of 33 with a leading zero.
    ///
    /// - Throws: `key_malformed`.
    public static func sm2PrivateKey(base64: String) throws(SigningRefusal) -> SM2.Signing.PrivateKey {
        guard let bytes = ByteSequence.decode(Array(base64.utf8)[...]),
            let key = try? SM2.Signing.PrivateKey(rawRepresentation: bytes)
        else {
            throw SigningRefusal(.keyMalformed, "An SM2 private key is the Base64 of 32 or 33 bytes.")
        }
        return key
    }

    private static func read(_ kind: KeyKind, _ pem: String, _ userID: SM2.UserID) -> Self? {
        switch kind {
        case .rsa: return (try? _RSA.Signing.PrivateKey(pemRepresentation: pem)).map { .rsa($0) }
        case .p256: return (try? P256.Signing.PrivateKey(pemRepresentation: pem)).map { .p256($0) }
        case .sm2:
            return (try? SM2.Signing.PrivateKey(pemRepresentation: pem)).map { .sm2($0, userID: userID) }
        case .ed25519:
            guard let der = PEMText.bytes(pem, label: "PRIVATE KEY"), der.starts(with: ed25519Prefix) else {
                return nil
            }
            let raw = Array(der.dropFirst(ed25519Prefix.count))
            return (try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)).map { .ed25519($0) }
        case .secret, .envelope, .fsi: return nil
        }
    }

    private static func read(
        _ kind: KeyKind, _ raw: [UInt8], _ userID: SM2.UserID, secretSizes: ClosedRange<Int>
    ) -> Self? {
        switch kind {
        case .secret: secretSizes.contains(raw.count) ? .secret(SharedSecret(raw)) : nil
        case .rsa: (try? _RSA.Signing.PrivateKey(derRepresentation: raw)).map { .rsa($0) }
        case .p256: (try? P256.Signing.PrivateKey(rawRepresentation: raw)).map { .p256($0) }
        case .ed25519: (try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)).map { .ed25519($0) }
        case .sm2:
            (try? SM2.Signing.PrivateKey(rawRepresentation: raw)).map { .sm2($0, userID: userID) }
        case .envelope, .fsi: nil
        }
    }
}
