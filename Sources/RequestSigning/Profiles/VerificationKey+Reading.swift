import Crypto
import CryptoExtras
public import ShangMi

extension VerificationKey.Material {
    /// The SPKI of an Ed25519 key up to its 32 bytes (RFC 8410 §4).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// A public key out of PEM (`PUBLIC KEY`, for RSA also `RSA PUBLIC KEY`): the first of the profile's
    /// kinds that the text is.
    ///
    /// - Parameter userID: of SM2 keys.
    /// - Throws: `key_malformed`. An `envelope` or `fsi-sm` key is made of its terms and
    ///   ``sm2PublicKey(base64:)`` or a PEM that ShangMi reads.
    public init(
        profile: Profile, pem: String, userID: SM2.UserID = .default
    ) throws(SigningRefusal) {
        for kind in profile.keyKinds {
            if let key = Self.read(kind, pem, userID) {
                self = key
                return
            }
        }
        throw SigningRefusal(.keyMalformed, "The PEM isn't a public key that \(profile.id) uses.")
    }

    /// A key out of its bytes: the secret itself; a point of 33, 64 or 65 bytes for P-256 and SM2; the DER of
    /// an RSA key; the 32 bytes of Ed25519. Of several kinds the first that the bytes fit.
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
        throw SigningRefusal(.keyMalformed, "The bytes aren't a key that \(profile.id) uses.")
    }

    /// A platform's public key as sites hand it out: the Base64 of 65 bytes 04 ‖ X ‖ Y, of 64, or of 33
    /// compressed.
    ///
    /// - Throws: `key_malformed`.
    public static func sm2PublicKey(base64: String) throws(SigningRefusal) -> SM2.Signing.PublicKey {
        guard let bytes = ByteSequence.decode(Array(base64.utf8)[...]), let key = sm2(bytes) else {
            throw SigningRefusal(.keyMalformed, "An SM2 public key is the Base64 of 33, 64 or 65 bytes.")
        }
        return key
    }

    private static func read(_ kind: KeyKind, _ pem: String, _ userID: SM2.UserID) -> Self? {
        switch kind {
        case .rsa: return (try? _RSA.Signing.PublicKey(pemRepresentation: pem)).map { .rsa($0) }
        case .p256: return (try? P256.Signing.PublicKey(pemRepresentation: pem)).map { .p256($0) }
        case .sm2:
            return (try? SM2.Signing.PublicKey(pemRepresentation: pem)).map { .sm2($0, userID: userID) }
        case .ed25519:
            guard let der = PEMText.bytes(pem, label: "PUBLIC KEY"), der.starts(with: ed25519Prefix) else {
                return nil
            }
            let raw = Array(der.dropFirst(ed25519Prefix.count))
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: raw)).map { .ed25519($0) }
        case .secret, .envelope, .fsi: return nil
        }
    }

    private static func read(
        _ kind: KeyKind, _ raw: [UInt8], _ userID: SM2.UserID, secretSizes: ClosedRange<Int>
    ) -> Self? {
        switch kind {
        case .secret: return secretSizes.contains(raw.count) ? .secret(SharedSecret(raw)) : nil
        case .rsa: return (try? _RSA.Signing.PublicKey(derRepresentation: raw)).map { .rsa($0) }
        case .p256:
            let key =
                switch raw.count {
                case 33: try? P256.Signing.PublicKey(compressedRepresentation: raw)
                case 64: try? P256.Signing.PublicKey(rawRepresentation: raw)
                default: try? P256.Signing.PublicKey(x963Representation: raw)
                }
            return key.map { .p256($0) }
        case .ed25519: return (try? Curve25519.Signing.PublicKey(rawRepresentation: raw)).map { .ed25519($0) }
        case .sm2: return sm2(raw).map { .sm2($0, userID: userID) }
        case .envelope, .fsi: return nil
        }
    }

    private static func sm2(_ bytes: [UInt8]) -> SM2.Signing.PublicKey? {
        switch bytes.count {
        case 33: try? SM2.Signing.PublicKey(compressedRepresentation: bytes)
        case 64: try? SM2.Signing.PublicKey(rawRepresentation: bytes)
        default: try? SM2.Signing.PublicKey(x963Representation: bytes)
        }
    }
}
