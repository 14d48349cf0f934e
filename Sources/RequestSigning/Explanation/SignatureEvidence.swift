/// What is known about a request beside its bytes. The more of it, the surer the explanation; none is needed.
///
/// Times are unix milliseconds.
public struct SignatureEvidence: Sendable {
    /// Where the same key's same nonce was seen before.
    public enum EarlierUse: String, Sendable, Hashable, CaseIterable {
        case sameProcess = "same_process"
        case beforeRestart = "before_restart"
        case anotherReplica = "another_replica"
    }

    /// The key that the request names: a public key, or the shared secret. Without it mistakes can only be
    /// seen in the request's form.
    public var key: VerificationKey?
    /// Other keys the client may have taken: old ones, another device's, another profile's.
    public var otherKeys: [VerificationKey] = []
    /// When the request came in, by the server's clock. Without it the time isn't judged.
    public var receivedAt: Int64?
    /// When it was sent, by the *client's* clock (HAR's start, a `Date` field).
    public var sentAt: Int64?
    /// When it was signed, by a clock that is right.
    public var signedAt: Int64?
    /// How far the client's clock runs before the server's, in milliseconds, as other calls of it show.
    public var clockOffset: Int64?
    /// Nil if the nonce wasn't seen before, or nobody knows.
    public var earlierUse: EarlierUse?
    /// From when on the server knows every nonce; before that it can't rule a replay out.
    public var noncesKnownSince: Int64?
    /// What the gateway answered.
    public var refusal: SigningRefusal?
    /// Field names that the route knows, in snake_case: what may have been signed and not sent.
    public var expectedNames: [String] = []
    /// A text in GBK, or nil where it has none; without this GBK can be suspected but not proven.
    public var gbk: (@Sendable (String) -> [UInt8]?)?

    public init() {}
}
