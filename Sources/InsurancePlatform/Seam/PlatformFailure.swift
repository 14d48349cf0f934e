/// Why there is no answer. What counts for money is whether the platform may have carried the call out.
public enum PlatformFailure: Error, Sendable, Hashable {
    /// Certainly not carried out: nothing of it reached the platform (no connection, open circuit, no token).
    case notSent(Reason, detail: String)
    /// Perhaps carried out: it was sent, and no whole, readable answer came back.
    case unknown(Reason, detail: String)

    /// Stable codes.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case unreachable, tlsFailed = "tls_failed", timeout, connectionLost = "connection_lost"
        case serverError = "server_error", unreadableAnswer = "unreadable_answer"
        case rejected = "rejected_by_platform", unauthorized = "platform_unauthorized"
        case circuitOpen = "circuit_open", overloaded, noToken = "no_token", badRequest = "bad_request"
    }

    public var reason: Reason {
        switch self {
        case .notSent(let reason, _), .unknown(let reason, _): reason
        }
    }
}
