internal import Crypto
internal import CryptoExtras
internal import ShangMi

/// A key without its profile: what a signature's bytes can be checked with.
enum CheckingKey: Sendable {
    case secret(SymmetricKey)
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    /// The user ids that may have been meant; the due one first.
    case sm2(SM2.PublicKey<SM2.Signing>, userIDs: [SM2.UserID])

    /// What a profile does with a key.
    enum Scheme: Sendable {
        case hmacSHA256, hmacSHA1
        /// SHA-256 over a text that the token is part of.
        case tokenDigest
        case rsaPSS256, rsaPSS512
        case derECDSA, rawECDSA
        case ed25519
        case derSM2, rawSM2
    }
}

/// One way of checking a signature with a key.
struct CheckVariant: Sendable {
    let name: String
    /// What the client did; nil for what the profile does.
    let told: BilingualText?
    let isValid: @Sendable (_ signature: [UInt8], _ text: [UInt8]) -> Bool

    init(
        _ name: String, _ told: BilingualText? = nil,
        _ isValid: @escaping @Sendable (_ signature: [UInt8], _ text: [UInt8]) -> Bool
    ) {
        self.name = name
        self.told = told
        self.isValid = isValid
    }
}
