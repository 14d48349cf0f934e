public import Crypto
public import CryptoExtras
public import ShangMi

/// What a gateway holds to verify the signatures of one key; parsed once, cheap to copy.
public struct VerificationKey: Sendable {
    public enum Material: Sendable {
        /// v3.2.0, tif, csb; hmac-sha256 in rfc9421.
        case secret(SharedSecret)
        /// v3.2.1; rsa-pss-sha512 in rfc9421.
        case rsa(_RSA.Signing.PublicKey)
        /// v3.3.0; ecdsa-p256-sha256 in rfc9421.
        case p256(P256.Signing.PublicKey)
        /// ed25519 in rfc9421.
        case ed25519(Curve25519.Signing.PublicKey)
        /// gm.
        case sm2(SM2.Signing.PublicKey, userID: SM2.UserID)
        case envelope(EnvelopeTerms, SM2.Signing.PublicKey)
        /// fsi-sm.
        case fsi(ClientTerms, SM2.Signing.PublicKey)

        public var kind: KeyKind {
            switch self {
            case .secret: .secret
            case .rsa: .rsa
            case .p256: .p256
            case .ed25519: .ed25519
            case .sm2: .sm2
            case .envelope: .envelope
            case .fsi: .fsi
            }
        }
    }

    public let id: String
    public let material: Material

    public init(id: String, _ material: Material) {
        self.id = id
        self.material = material
    }

    /// Throws `key_not_for_profile` unless the profile uses keys of this kind and size.
    public func requireFit(for profile: Profile) throws(SigningRefusal) {
        let fits =
            switch material {
            case .secret(let secret): profile.secretSizes.contains(secret.byteCount)
            case .rsa(let key): key.keySizeInBits >= 2048
            default: true
            }
        guard fits, profile.keyKinds.contains(material.kind) else { throw DueSignature.unfit }
    }
}
