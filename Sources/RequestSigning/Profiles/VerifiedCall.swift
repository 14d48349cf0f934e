/// A request whose signature has been verified.
public struct VerifiedCall: Sendable {
    public let profile: Profile
    public let keyID: String
    /// When it was signed, in unix milliseconds.
    public let time: Int64
    /// Nil where the profile has none.
    public let nonce: String?
    public let content: SignedContent
}
