/// How one institution gets its tokens from one authorization server. Checked when it is made.
public struct OAuth2Configuration: Sendable {
    public enum Grant: Sendable {
        /// A person logs in once in a browser; refresh tokens go on from there. PKCE with S256, always.
        case authorizationCode(redirect: RedirectURI)
        /// **Legacy.** The client's own credentials are the only proof, and whoever copies them is the client.
        /// For sites that offer nothing else.
        case legacyClientCredentials
        /// **Legacy**, and withdrawn by RFC 9700 §2.4: a person's password lies in the configuration.
        case legacyPassword(user: String, password: Redacted)

        public var isLegacy: Bool {
            if case .authorizationCode = self { false } else { true }
        }
    }

    /// How the client proves itself at the token endpoint (RFC 6749 §2.3.1).
    public enum ClientAuthentication: String, Sendable, CaseIterable {
        case none
        case basic = "client_secret_basic"
        case post = "client_secret_post"
    }

    public struct Endpoints: Sendable, Hashable {
        public var authorization: String
        public var token: String
        public var keys: String

        public init(authorization: String, token: String, keys: String) {
            self.authorization = authorization
            self.token = token
            self.keys = keys
        }

        /// The platform's own paths below a base such as `https://platform.example`.
        public init(base: String) {
            let base = base.hasSuffix("/") ? String(base.dropLast()) : base
            authorization = base + "/auth/oauth2/v1/authorize"
            token = base + "/auth/oauth2/v1/token"
            keys = base + "/auth/oauth2/v1/jwks"
        }
    }

    /// As the id_token's `iss` spells it.
    public let issuer: String
    public let endpoints: Endpoints
    public let clientID: String
    public let clientSecret: Redacted?
    public let authentication: ClientAuthentication
    /// Asked for by name; nothing else is ever asked for.
    public let scopes: [String]
    public let grant: Grant
    /// Whether a login without an id_token is refused. So it is wherever `openid` is asked for.
    public var requiresIDToken: Bool { scopes.contains("openid") }
    /// What a token lives when the server doesn't say, in milliseconds.
    public var assumedLifetime: Int64 = 300_000
    /// How far the server's clock may differ from ours, in milliseconds.
    public var clockSkew: Int64 = 60_000

    /// - Parameter authentication: by default `client_secret_basic` with a secret, else none.
    public init(
        issuer: String, endpoints: Endpoints, clientID: String, clientSecret: Redacted? = nil,
        authentication: ClientAuthentication? = nil, scopes: [String], grant: Grant
    ) throws(TokenFailure) {
        try PlatformURL.check(issuer, "issuer")
        try PlatformURL.check(endpoints.token, "token endpoint")
        if case .authorizationCode = grant {
            try PlatformURL.check(endpoints.authorization, "authorization endpoint")
            try PlatformURL.check(endpoints.keys, "address of the keys")
        }
        guard !clientID.isEmpty else { throw TokenFailure(.configuration, "the client id is missing") }
        let chosen = authentication ?? (clientSecret == nil ? .none : .basic)
        guard (chosen == .none) == (clientSecret == nil) else {
            throw TokenFailure(.configuration, "a client secret and \(chosen.rawValue) don't go together")
        }
        if case .legacyClientCredentials = grant, clientSecret == nil {
            throw TokenFailure(.configuration, "client credentials need a client secret")
        }
        guard !scopes.isEmpty, scopes.allSatisfy(Self.isScope), Set(scopes).count == scopes.count else {
            throw TokenFailure(.configuration, "scopes are a list of names, each once, at least one")
        }
        self.issuer = issuer
        self.endpoints = endpoints
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.authentication = chosen
        self.scopes = scopes
        self.grant = grant
    }

    /// RFC 6749 §3.3.
    private static func isScope(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
