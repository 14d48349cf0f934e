/// What the explanation must know of a profile to try mistakes against it.
struct ReplayedProfile: Sendable {
    let id: String
    let scheme: CheckingKey.Scheme
    /// How the signature's bytes are written.
    let encoding: BinaryText
    /// Of the profiles that sign `<time>|<nonce>|<parameters>`.
    let canonicalForm: CanonicalForm?

    /// The profiles that sign a triple, which are told apart by `X-Api-Version` alone.
    static let triples = [
        ReplayedProfile("v3.2.0", .hmacSHA256, canonicalForm: .python),
        ReplayedProfile("v3.2.1", .rsaPSS256, canonicalForm: .python),
        ReplayedProfile("v3.3.0", .derECDSA, canonicalForm: .jcs),
        ReplayedProfile("gm", .derSM2, canonicalForm: .jcs),
    ]
    static let tif = ReplayedProfile("tif", .tokenDigest, encoding: .hex)
    static let csb = ReplayedProfile("csb", .hmacSHA1)
    static let envelope = ReplayedProfile("envelope", .rawSM2)
    static let fsi = ReplayedProfile("fsi-sm", .rawSM2)

    static func all(_ evidence: SignatureEvidence) -> [ReplayedProfile] {
        let key = evidence.key.map { CheckingKey($0.material, keyID: $0.id) }
        return triples + [tif, csb, envelope, fsi, message(key)]
    }

    /// RFC 9421 goes by the key's own algorithm.
    static func message(_ key: CheckingKey?) -> ReplayedProfile {
        let scheme: CheckingKey.Scheme =
            switch key {
            case .secret: .hmacSHA256
            case .rsa: .rsaPSS512
            case .p256: .rawECDSA
            default: .ed25519
            }
        return ReplayedProfile("rfc9421", scheme)
    }

    private init(
        _ id: String, _ scheme: CheckingKey.Scheme, encoding: BinaryText = .base64,
        canonicalForm: CanonicalForm? = nil
    ) {
        self.id = id
        self.scheme = scheme
        self.encoding = encoding
        self.canonicalForm = canonicalForm
    }

    /// Is a key of this kind what the profile signs with?
    func takes(_ key: CheckingKey) -> Bool {
        switch (scheme, key) {
        case (.hmacSHA256, .secret), (.hmacSHA1, .secret), (.tokenDigest, .secret), (.rsaPSS256, .rsa),
            (.rsaPSS512, .rsa), (.derECDSA, .p256), (.rawECDSA, .p256), (.ed25519, .ed25519), (.derSM2, .sm2),
            (.rawSM2, .sm2):
            true
        default: false
        }
    }
}
