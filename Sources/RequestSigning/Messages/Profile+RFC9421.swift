extension Profile {
    /// HTTP Message Signatures (RFC 9421) with `Content-Digest` (RFC 9530), for new clients.
    ///
    /// A signature must cover `@method`; `@target-uri`, or `@path` and the `@query` if there is one; and
    /// `content-digest` if there is a body. `created`, `nonce` and `keyid` are due; `alg` and `expires` may
    /// stand, and hold. The key decides the algorithm: a secret of 32 bytes or more hmac-sha256, RSA of 2048
    /// bits or more rsa-pss-sha512, P-256 ecdsa-p256-sha256 (r‖s), Ed25519 ed25519.
    public static let rfc9421 = Profile(
        id: "rfc9421", keyKinds: [.secret, .rsa, .p256, .ed25519], secretSizes: 32...4096,
        scheme: MessageScheme())
}
