import Crypto
import CryptoExtras
import Foundation
import RequestSigning
import ShangMi

/// The half of a new key that a device makes itself; secrets are made by the server.
struct FreshKey {
    /// SPKI in PEM; nil where the server makes a secret instead.
    var publicKey: String?
    /// As `DeviceSigningKey` keeps it.
    var privateKey: Data?

    /// - Throws: `key_malformed` where the generator fails.
    init(for profile: Profile, algorithm: SignatureAlgorithm?) throws(SigningRefusal) {
        switch (profile.keyKinds.first, algorithm) {
        case (.secret, nil), (_, .hmacSHA256):
            return
        case (.rsa, nil), (_, .rsaPSSSHA512):
            guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { throw Self.failed }
            publicKey = key.publicKey.pemRepresentation
            privateKey = key.derRepresentation
        case (.p256, nil), (_, .ecdsaP256SHA256):
            let key = P256.Signing.PrivateKey()
            publicKey = key.publicKey.pemRepresentation
            privateKey = key.rawRepresentation
        case (_, .ed25519):
            let key = Curve25519.Signing.PrivateKey()
            publicKey = Self.pem(ed25519: key.publicKey)
            privateKey = key.rawRepresentation
        case (.sm2, _), (.envelope, _), (.fsi, _):
            let key = SM2.Signing.PrivateKey()
            publicKey = key.publicKey.pemRepresentation
            privateKey = Data(key.rawRepresentation)
        default:
            throw Self.failed
        }
    }

    private static var failed: SigningRefusal {
        SigningRefusal(.keyMalformed, "A key of this kind can't be made.")
    }

    /// RFC 8410, section 4.
    private static func pem(ed25519 key: Curve25519.Signing.PublicKey) -> String {
        let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
        let text = (Data(prefix) + key.rawRepresentation).base64EncodedString()
        return "-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n"
    }
}
