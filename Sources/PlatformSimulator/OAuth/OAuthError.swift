import NIOHTTP1

/// What the token endpoint refuses with (RFC 6749 section 5.2).
struct OAuthError: Error, Sendable {
    enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case invalidScope = "invalid_scope"
        case unsupportedGrantType = "unsupported_grant_type"
    }

    let code: Code
    let detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    var reply: SandboxReply {
        var reply = SandboxReply.json(
            JSONText.object(["error": .string(code.rawValue), "error_description": .string(detail)]).bytes,
            code == .invalidClient ? .unauthorized : .badRequest)
        reply.fields.append(("cache-control", "no-store"))
        if code == .invalidClient { reply.fields.append(("www-authenticate", "Basic realm=\"sandbox\"")) }
        return reply
    }
}
