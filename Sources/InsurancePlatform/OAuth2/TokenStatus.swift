/// How it stands with a site's token; nothing secret.
public struct TokenStatus: Sendable, Hashable {
    public enum State: String, Sendable {
        case fresh
        /// Good, and about to be renewed.
        case due
        case expired
        /// There is none: somebody has to log in, or (legacy grants) nobody has asked yet.
        case missing
    }

    public var state: State
    /// Unix milliseconds.
    public var expiresAt: Int64?
    public var renewalAt: Int64?
    public var scopes: [String]
    /// False after a renewal whose token could not be written: a restart would lose it.
    public var isSaved: Bool
    public var lastFailure: TokenFailure?
    /// Since the start, for /metrics: requests to the server that gave a token, and those that didn't.
    public var renewals: Int
    public var failures: Int

    public init(
        state: State, expiresAt: Int64?, renewalAt: Int64?, scopes: [String], isSaved: Bool,
        lastFailure: TokenFailure?, renewals: Int, failures: Int
    ) {
        self.state = state
        self.expiresAt = expiresAt
        self.renewalAt = renewalAt
        self.scopes = scopes
        self.isSaved = isSaved
        self.lastFailure = lastFailure
        self.renewals = renewals
        self.failures = failures
    }
}
