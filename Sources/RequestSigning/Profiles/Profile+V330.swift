import Crypto

extension Profile {
    /// v3.3.0: ECDSA over P-256 with SHA-256 (FIPS 186-5); `X-Signature` is the Base64 of the DER of
    /// `SEQUENCE { r, s }`, not of r ‖ s.
    public static let v330 = Profile(
        id: "v3.3.0", keyKinds: [.p256], scheme: SignedTriple(form: .jcs, algorithm: ECDSAOfTriple()))
}

private struct ECDSAOfTriple: TripleAlgorithm {
    func isValid(
        _ signature: [UInt8], for text: [UInt8], key: VerificationKey.Material
    ) throws(SigningRefusal) -> Bool {
        guard case .p256(let key) = key else { throw DueSignature.unfit }
        let pair: P256.Signing.ECDSASignature
        do {
            pair = try P256.Signing.ECDSASignature(derRepresentation: signature)
        } catch {
            throw .malformedSignature("the DER of a SEQUENCE of r and s")
        }
        return key.isValidSignature(pair, for: SHA256.hash(data: text))
    }

    func signature(for text: [UInt8], key: SigningKey.Material) throws(SigningRefusal) -> [UInt8] {
        guard case .p256(let key) = key else { throw DueSignature.unfit }
        do {
            return Array(try key.signature(for: SHA256.hash(data: text)).derRepresentation)
        } catch {
            throw SigningRefusal(.keyMalformed, "The P-256 key can't sign.")
        }
    }
}
