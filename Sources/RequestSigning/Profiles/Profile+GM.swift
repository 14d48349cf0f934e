import ShangMi

extension Profile {
    /// gm: SM2 with SM3 and Z of the key's user id (GB/T 32918.2); `X-Signature` is the Base64 of the DER of
    /// `SEQUENCE { r, s }` (GM/T 0009-2012, 7.3), not of r ‖ s.
    public static let gm = Profile(
        id: "gm", keyKinds: [.sm2], scheme: SignedTriple(form: .jcs, algorithm: SM2OfTriple()))
}

private struct SM2OfTriple: TripleAlgorithm {
    func isValid(
        _ signature: [UInt8], for text: [UInt8], key: VerificationKey.Material
    ) throws(SigningRefusal) -> Bool {
        guard case .sm2(let key, let userID) = key else { throw DueSignature.unfit }
        let pair: SM2.Signing.Signature
        do {
            pair = try SM2.Signing.Signature(derRepresentation: signature)
        } catch {
            throw .malformedSignature("the DER of a SEQUENCE of r and s")
        }
        return key.isValidSignature(pair, for: text.span, userID: userID)
    }

    func signature(for text: [UInt8], key: SigningKey.Material) throws(SigningRefusal) -> [UInt8] {
        guard case .sm2(let key, let userID) = key else { throw DueSignature.unfit }
        return key.signature(for: text.span, userID: userID).derRepresentation
    }
}
