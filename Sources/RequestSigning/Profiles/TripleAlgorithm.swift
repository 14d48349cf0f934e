/// The signature of one of the versions with a signed triple.
protocol TripleAlgorithm: Sendable {
    /// Throws `signature_malformed` for bytes that no key makes, `key_not_for_profile` for another kind of
    /// key.
    func isValid(
        _ signature: [UInt8], for text: [UInt8], key: VerificationKey.Material
    ) throws(SigningRefusal) -> Bool

    func signature(for text: [UInt8], key: SigningKey.Material) throws(SigningRefusal) -> [UInt8]
}

extension SigningRefusal {
    /// A signature that isn't one, whatever the key.
    static func malformedSignature(_ due: String) -> SigningRefusal {
        SigningRefusal(.signatureMalformed, "The signature isn't \(due).")
    }
}
