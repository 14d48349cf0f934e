/// What sets a profile apart: how it finds a signature, what it signs, and how it writes it down.
///
/// The verifier and the signer have checked that the key fits the profile's kinds before they pass it on.
protocol SigningScheme: Sendable {
    /// Whether a request without `X-Api-Version` shows the marks of this scheme.
    func recognizes(_ message: HTTPMessage) -> Bool

    /// The signature the message presents, its form checked; the first of them if there are several.
    func read(_ message: HTTPMessage, as profile: Profile, limits: JSONLimits) throws(SigningRefusal)
        -> PresentedSignature

    /// All signatures the message presents, at least one.
    func readAll(_ message: HTTPMessage, as profile: Profile, limits: JSONLimits) throws(SigningRefusal)
        -> [PresentedSignature]

    /// What the signature has to cover, from the message as it came.
    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent

    /// Throws `signature_malformed` for what no key could have signed.
    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool

    /// What stands for the nonce where the profile has none: fixed by the signature, all of it.
    func replayToken(of presented: PresentedSignature, in message: HTTPMessage) -> [UInt8]

    /// The text to sign, without the secrets that some schemes put into it.
    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8]

    /// The message with its signature.
    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage
}

extension SigningScheme {
    func recognizes(_ message: HTTPMessage) -> Bool { false }

    func readAll(_ message: HTTPMessage, as profile: Profile, limits: JSONLimits) throws(SigningRefusal)
        -> [PresentedSignature]
    {
        [try read(message, as: profile, limits: limits)]
    }

    func replayToken(of presented: PresentedSignature, in message: HTTPMessage) -> [UInt8] {
        presented.nonce.map { Array($0.utf8) } ?? presented.signature
    }
}
