import Crypto
import CryptoExtras
public import ShangMi

extension SigningKey {
    /// A new key of the first kind that the profile uses: a secret of 32 bytes (a text of 32 symbols where
    /// the profile takes any length), RSA of 2048 bits, P-256, or SM2 with the user id given.
    ///
    /// - Throws: `key_malformed` if the id doesn't fit, and for `envelope`, whose terms come first.
    public static func generate(
        for profile: Profile, id: String, userID: SM2.UserID = .default
    ) throws(SigningRefusal) -> SigningKey {
        guard KeyIdentifier.isWellFormed(id) else {
            throw SigningRefusal(.keyMalformed, "A key id is 1 to 128 printable ASCII characters.")
        }
        switch profile.keyKinds.first {
        case .secret where profile.secretSizes == 32...32: return SigningKey(id: id, .secret(.random()))
        case .secret: return SigningKey(id: id, .secret(SharedSecret(Nonce.text(count: 32))))
        case .rsa:
            guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { break }
            return SigningKey(id: id, .rsa(key))
        case .p256: return SigningKey(id: id, .p256(P256.Signing.PrivateKey()))
        case .ed25519: return SigningKey(id: id, .ed25519(Curve25519.Signing.PrivateKey()))
        case .sm2: return SigningKey(id: id, .sm2(SM2.Signing.PrivateKey(), userID: userID))
        case .fsi: return SigningKey(id: id, .fsi(try ClientTerms(clientID: id), SM2.Signing.PrivateKey()))
        case .envelope, nil: break
        }
        throw SigningRefusal(.keyMalformed, "A key for \(profile.id) can't be made without its terms.")
    }

    /// A new key for an application whose terms are agreed on.
    public static func generate(for terms: EnvelopeTerms) -> SigningKey {
        SigningKey(id: terms.appID, .envelope(terms, SM2.Signing.PrivateKey()))
    }
}
