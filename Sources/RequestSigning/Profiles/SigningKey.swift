public import Crypto
public import CryptoExtras
public import ShangMi

/// What a client holds to sign; prints as “redacted”.
public struct SigningKey: Sendable {
    /// The private counterparts of ``VerificationKey/Material-swift.enum``.
    public enum Material: Sendable {
        case secret(SharedSecret)
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case sm2(SM2.Signing.PrivateKey, userID: SM2.UserID)
        case envelope(EnvelopeTerms, SM2.Signing.PrivateKey)
        case fsi(ClientTerms, SM2.Signing.PrivateKey)
    }

    public let id: String
    public let material: Material

    public init(id: String, _ material: Material) {
        self.id = id
        self.material = material
    }

    /// Throws `key_not_for_profile` unless the profile uses keys of this kind and size.
    public func requireFit(for profile: Profile) throws(SigningRefusal) {
        let (kind, isStrong): (KeyKind, Bool) =
            switch material {
            case .secret(let secret): (.secret, profile.secretSizes.contains(secret.byteCount))
            case .rsa(let key): (.rsa, key.keySizeInBits >= 2048)
            case .p256: (.p256, true)
            case .ed25519: (.ed25519, true)
            case .sm2: (.sm2, true)
            case .envelope: (.envelope, true)
            case .fsi: (.fsi, true)
            }
        guard isStrong, profile.keyKinds.contains(kind) else { throw DueSignature.unfit }
    }

    /// The counterpart for the gateway; a shared secret is its own.
    public var verificationKey: VerificationKey {
        let counterpart: VerificationKey.Material =
            switch material {
            case .secret(let secret): .secret(secret)
            case .rsa(let key): .rsa(key.publicKey)
            case .p256(let key): .p256(key.publicKey)
            case .ed25519(let key): .ed25519(key.publicKey)
            case .sm2(let key, let userID): .sm2(key.publicKey, userID: userID)
            case .envelope(let terms, let key): .envelope(terms, key.publicKey)
            case .fsi(let terms, let key): .fsi(terms, key.publicKey)
            }
        return VerificationKey(id: id, counterpart)
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SigningKey(\(id), redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
