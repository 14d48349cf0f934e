/// What the authorization server gave.
public struct PlatformToken: Sendable, Hashable {
    public var access: Redacted
    public var refresh: Redacted?
    /// Unix milliseconds, by our clock, before the request was sent.
    public var obtainedAt: Int64
    /// Unix milliseconds.
    public var expiresAt: Int64
    public var scopes: [String]
    /// The id_token's `sub`: a refreshed one must name the same.
    public var subject: Redacted?

    public init(
        access: Redacted, refresh: Redacted?, obtainedAt: Int64, expiresAt: Int64, scopes: [String],
        subject: Redacted? = nil
    ) {
        self.access = access
        self.refresh = refresh
        self.obtainedAt = obtainedAt
        self.expiresAt = expiresAt
        self.scopes = scopes
        self.subject = subject
    }
}
