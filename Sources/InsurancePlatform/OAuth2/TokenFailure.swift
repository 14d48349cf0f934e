/// Why there is no token. It holds no secret and nothing that a server wrote but its error code.
public struct TokenFailure: Error, Sendable, Hashable {
    /// Stable codes.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Somebody has to log in: there is no refresh token, or the server takes it no longer.
        case loginNeeded = "login_needed"
        /// The authorization server refused; the detail is its error code (RFC 6749 §5.2).
        case refused = "refused_by_server"
        case unreachable, timeout, tlsFailed = "tls_failed", serverError = "server_error"
        case unreadableAnswer = "unreadable_answer"
        /// No login waits for this state: it was made up, used before, or too old.
        case stateUnknown = "state_unknown"
        /// The answer came from another issuer than the one that was asked (RFC 9207).
        case wrongIssuer = "wrong_issuer"
        case idTokenInvalid = "id_token_invalid"
        case keyUnknown = "key_unknown"
        /// The server granted less than was asked for.
        case scopeReduced = "scope_reduced"
        case storageFailed = "storage_failed"
        case configuration
    }

    public var code: Code
    /// English, one line.
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

extension TokenFailure {
    /// For a call that needed the token: nothing of it was sent.
    public var platformFailure: PlatformFailure {
        let detail = "\(code.rawValue): \(detail)"
        return switch code {
        case .unreachable: .notSent(.unreachable, detail: detail)
        case .timeout: .notSent(.timeout, detail: detail)
        case .tlsFailed: .notSent(.tlsFailed, detail: detail)
        default: .notSent(.noToken, detail: detail)
        }
    }

    /// The server's word rather than an accident on the way: asking again at once would not help, and might
    /// lock an account.
    var isDefinite: Bool {
        switch code {
        case .loginNeeded, .refused, .scopeReduced, .idTokenInvalid, .configuration: true
        default: false
        }
    }
}
