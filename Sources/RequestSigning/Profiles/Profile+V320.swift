import Crypto

extension Profile {
    /// v3.2.0: HMAC-SHA256 under a secret of 32 bytes; `X-Signature` is the Base64 of the 32-byte MAC.
    public static let v320 = Profile(
        id: "v3.2.0", keyKinds: [.secret], secretSizes: 32...32,
        scheme: SignedTriple(form: .python, algorithm: HMACOfTriple()))
}

private struct HMACOfTriple: TripleAlgorithm {
    func isValid(
        _ signature: [UInt8], for text: [UInt8], key: VerificationKey.Material
    ) throws(SigningRefusal) -> Bool {
        guard case .secret(let secret) = key else { throw DueSignature.unfit }
        guard signature.count == SHA256.byteCount else {
            throw .malformedSignature("32 bytes of HMAC-SHA256")
        }
        return HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: text, using: secret.key)
    }

    func signature(for text: [UInt8], key: SigningKey.Material) throws(SigningRefusal) -> [UInt8] {
        guard case .secret(let secret) = key else { throw DueSignature.unfit }
        return Array(HMAC<SHA256>.authenticationCode(for: text, using: secret.key))
    }
}
