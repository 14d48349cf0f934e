/// One way in which the sandbox misbehaves, and towards which calls.
public struct Fault: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The answer waits for `milliseconds`; with `beforeCommit` the work waits as well.
        case delay
        /// The work is done and the connection ends without an answer.
        case dropAfterCommit = "drop_after_commit"
        /// The connection ends and no work is done.
        case dropBeforeCommit = "drop_before_commit"
        /// The request is carried out twice, as if a proxy had repeated it; a frame is answered twice.
        case duplicate
        /// A status of 500 or more: before the work, or with `afterCommit` behind it.
        case http5xx = "http_5xx"
        /// Half the answer, then the connection ends.
        case halfBody = "half_body"
        /// `infcode` is of the other JSON type: a string where it was a number.
        case infcodeType = "infcode_type"
        /// The output is a string that holds JSON.
        case outputString = "output_string"
        /// The sandbox's clock is ahead by `milliseconds` (behind, if negative) while the fault lasts.
        case clockSkew = "clock_skew"
        /// New connections are shown another certificate: `certificate` says which.
        case certificateSwap = "certificate_swap"
        /// Every access token is revoked, once for each call that is struck.
        case tokenRevoked = "token_revoked"
        /// For `seconds` from now on the share `probability` of calls gets a 5xx before any work.
        case storm
    }

    public var kind: Kind
    /// Only calls of this transaction, or `token` for the token endpoint; nil strikes all calls of business.
    public var infno: String?
    /// Only calls of this class (`query`, `money`, `recovery`, `record`); nil strikes all.
    public var callClass: String?
    /// The share of matching calls that are struck, 0 to 1.
    public var probability: Double
    /// How many calls are struck before the fault ends by itself; nil has no end.
    public var count: Int?
    public var milliseconds: Int64
    public var seconds: Int64
    public var status: Int
    public var afterCommit: Bool
    public var certificate: String

    public init(
        _ kind: Kind, infno: String? = nil, callClass: String? = nil, probability: Double = 1,
        count: Int? = nil, milliseconds: Int64 = 1000, seconds: Int64 = 10, status: Int = 503,
        afterCommit: Bool? = nil, certificate: String = "stranger"
    ) {
        self.kind = kind
        self.infno = infno
        self.callClass = callClass
        self.probability = probability
        self.count = count
        self.milliseconds = milliseconds
        self.seconds = seconds
        self.status = status
        self.afterCommit = afterCommit ?? (kind == .delay)
        self.certificate = certificate
    }

    /// Clock and certificate are the whole sandbox's: such a fault acts when it is set, not call by call.
    var isStanding: Bool { kind == .clockSkew || kind == .certificateSwap }
}
