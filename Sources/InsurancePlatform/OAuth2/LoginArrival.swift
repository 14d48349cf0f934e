/// What a browser brings back from the authorization server: the code of one login.
public struct LoginArrival: Sendable {
    public let code: Redacted
    public let state: String
    /// RFC 9207.
    public let issuer: String?

    /// Reads the whole address that the browser ended at, where it could not come to this program by itself.
    /// It must be the redirect's, in whatever spelling the browser shows that.
    ///
    /// Throws `refused` with the server's error code, `state_unknown`, or `unreadable_answer`.
    ///
    /// - Parameter state: of the login that was begun.
    public init(at address: String, _ redirect: RedirectURI, state: String) throws(TokenFailure) {
        let parts = address.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1)
        guard parts.count == 2, let place = try? RedirectURI(String(parts[0])), place.isSame(as: redirect)
        else { throw TokenFailure(.unreadableAnswer, "the address is not \(redirect)?…") }
        try self.init(query: parts[1], state: Redacted(state))
    }

    init(query: Substring, state due: Redacted) throws(TokenFailure) {
        guard let values = FormText.decode(query) else {
            throw TokenFailure(.unreadableAnswer, "the redirect's query is malformed")
        }
        guard let state = values["state"], Redacted(state) == due else {
            throw TokenFailure(.stateUnknown, "the redirect belongs to another login")
        }
        if let error = values["error"] {
            throw TokenFailure(.refused, TokenAnswer.isErrorCode(error) ? error : "unknown error")
        }
        guard let code = values["code"], !code.isEmpty else {
            throw TokenFailure(.unreadableAnswer, "the redirect brings no code")
        }
        self.code = Redacted(code)
        self.state = state
        issuer = values["iss"]
    }
}
