/// The parameters of the authorize endpoint, checked: code flow with PKCE S256 and nothing else.
struct AuthorizationRequest: Sendable {
    let redirectURI: String
    let state: String
    let scope: String
    let nonce: String?
    let challenge: String

    enum Refused: Error, Sendable {
        /// The redirect URI can't be trusted: the person is told, and nobody is redirected.
        case page(String)
        /// To be told at the redirect URI.
        case redirect(uri: String, error: String, detail: String, state: String)
    }

    static let scopes = ["openid", "patient.read", "claim.write"]

    init(_ fields: [String: String], client: String, redirectURIs: [String]) throws(Refused) {
        guard fields["client_id"] == client else { throw .page("client_id 未登记 · unknown client_id") }
        guard let uri = fields["redirect_uri"], Self.allows(uri, redirectURIs) else {
            throw .page("redirect_uri 与登记的不完全一致 · redirect_uri is not exactly a registered one")
        }
        let state = fields["state"] ?? ""
        func refuse(_ error: String, _ detail: String) -> Refused {
            .redirect(uri: uri, error: error, detail: detail, state: state)
        }
        guard fields["response_type"] == "code" else {
            throw refuse("unsupported_response_type", "response_type must be code")
        }
        guard state.utf8.count >= 16 else {
            throw refuse("invalid_request", "state must have at least 16 characters")
        }
        guard fields["code_challenge_method"] == "S256" else {
            throw refuse("invalid_request", "code_challenge_method must be S256")
        }
        guard let challenge = fields["code_challenge"], challenge.utf8.count == 43 else {
            throw refuse("invalid_request", "code_challenge is the base64url of a SHA-256")
        }
        let wanted = (fields["scope"] ?? "").split(separator: " ").map { String($0) }
        guard !wanted.isEmpty, wanted.allSatisfy({ Self.scopes.contains($0) }) else {
            throw refuse("invalid_scope", "known are \(Self.scopes.joined(separator: " "))")
        }
        redirectURI = uri
        self.state = state
        scope = wanted.joined(separator: " ")
        nonce = fields["nonce"]
        self.challenge = challenge
    }

    /// Exactly one of the registered; at loopback the port may be any (RFC 8252 section 7.3).
    private static func allows(_ uri: String, _ registered: [String]) -> Bool {
        registered.contains { known in
            if known == uri { return true }
            for host in ["http://127.0.0.1", "http://localhost", "http://[::1]"] {
                guard known.hasPrefix(host + "/"), uri.hasPrefix(host + ":") else { continue }
                let rest = uri.dropFirst(host.count + 1)
                let port = rest.prefix { $0.isASCII && $0.isNumber }
                if let number = Int(port), (1...65_535).contains(number),
                    rest.dropFirst(port.count) == known.dropFirst(host.count)
                {
                    return true
                }
            }
            return false
        }
    }
}
