import Foundation

/// The client of one authorization server: logs in by authorization code with PKCE (S256, nothing else), checks
/// id_tokens, refreshes. It keeps no token; see `TokenCache`.
public final class OAuth2Client: Sendable {
    public let configuration: OAuth2Configuration
    private let http: OAuth2HTTP
    private let keys: PlatformKeys
    private let clock: @Sendable () -> Int64
    private let entropy: @Sendable (Int) -> [UInt8]
    private let pending = PendingLogins()

    /// - Parameters:
    ///   - clock: unix milliseconds.
    ///   - entropy: so many random bytes, from a generator fit for keys.
    public init(
        configuration: OAuth2Configuration, http: OAuth2HTTP, clock: @escaping @Sendable () -> Int64,
        entropy: @escaping @Sendable (Int) -> [UInt8] = OAuth2Client.systemEntropy
    ) {
        self.configuration = configuration
        self.http = http
        self.clock = clock
        self.entropy = entropy
        let address = configuration.endpoints.keys
        keys = PlatformKeys { () async throws(TokenFailure) in
            let answer = try await http.get(address)
            guard answer.status == 200 else {
                throw TokenFailure(.serverError, "the server's keys answered \(answer.status)")
            }
            return answer.body
        }
    }

    public static let systemEntropy: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Begins a login: the address that a person opens in a browser. It is good once and for ten minutes.
    ///
    /// Throws `configuration` where the grant needs no person.
    public func beginLogin() throws(TokenFailure) -> String {
        guard case .authorizationCode(let redirect) = configuration.grant else {
            throw TokenFailure(.configuration, "the configured grant is a legacy one: nobody logs in")
        }
        let attempt = LoginAttempt(entropy: entropy, now: clock())
        pending.add(attempt)
        let query = FormText.encode([
            ("response_type", "code"), ("client_id", configuration.clientID),
            ("redirect_uri", redirect.text), ("scope", configuration.scopes.joined(separator: " ")),
            ("state", attempt.state.exposed), ("nonce", attempt.nonce.exposed),
            ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ])
        let endpoint = configuration.endpoints.authorization
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// Ends a login with what came back at the redirect URI. The state is used up whatever happens, and it is
    /// checked before anything is sent.
    ///
    /// - Parameter issuer: the redirect's `iss`, where there was one (RFC 9207).
    public func exchange(code: Redacted, state: String, issuer: String? = nil) async throws(TokenFailure)
        -> PlatformToken
    {
        guard case .authorizationCode(let redirect) = configuration.grant,
            let attempt = pending.take(state: state, now: clock())
        else {
            throw TokenFailure(.stateUnknown, "no login waits for this state: begin it again")
        }
        if let issuer, issuer != configuration.issuer {
            throw TokenFailure(.wrongIssuer, "the code comes from another authorization server")
        }
        return try await obtain(
            [
                ("grant_type", "authorization_code"), ("code", code.exposed),
                ("redirect_uri", redirect.text), ("code_verifier", attempt.verifier.exposed),
            ], nonce: attempt.nonce, previous: nil)
    }

    /// A new token from a refresh token. A server that sends no new refresh token leaves the old one good.
    ///
    /// Throws `login_needed` where the server takes the refresh token no longer.
    public func refresh(_ token: PlatformToken) async throws(TokenFailure) -> PlatformToken {
        guard let refresh = token.refresh else {
            throw TokenFailure(.loginNeeded, "there is no refresh token")
        }
        do throws(TokenFailure) {
            return try await obtain(
                [("grant_type", "refresh_token"), ("refresh_token", refresh.exposed)], nonce: nil,
                previous: token)
        } catch let failure where failure.code == .refused && failure.detail == "invalid_grant" {
            throw TokenFailure(.loginNeeded, "the server takes the refresh token no longer")
        }
    }

    /// The next token, in the way that the configured grant has: by the refresh token where there is one, else
    /// by the legacy grant.
    public func renew(_ token: PlatformToken?) async throws(TokenFailure) -> PlatformToken {
        let scope = ("scope", configuration.scopes.joined(separator: " "))
        switch configuration.grant {
        case .authorizationCode:
            guard let token else { throw TokenFailure(.loginNeeded, "nobody has logged in yet") }
            return try await refresh(token)
        case .legacyClientCredentials:
            return try await obtain([("grant_type", "client_credentials"), scope], nonce: nil, previous: nil)
        case .legacyPassword(let user, let password):
            let form = [
                ("grant_type", "password"), ("username", user), ("password", password.exposed), scope,
            ]
            return try await obtain(form, nonce: nil, previous: nil)
        }
    }

    private func obtain(
        _ form: [(name: String, value: String)], nonce: Redacted?, previous: PlatformToken?
    ) async throws(TokenFailure) -> PlatformToken {
        var form = form
        var authorization: String?
        switch configuration.authentication {
        case .basic:
            let secret = configuration.clientSecret?.exposed ?? ""
            let pair = "\(FormText.encode(configuration.clientID)):\(FormText.encode(secret))"
            authorization = "Basic " + Data(pair.utf8).base64EncodedString()
        case .post:
            form.append(("client_id", configuration.clientID))
            form.append(("client_secret", configuration.clientSecret?.exposed ?? ""))
        case .none: form.append(("client_id", configuration.clientID))
        }
        let sentAt = clock()
        let answer = try TokenAnswer(
            try await http.post(configuration.endpoints.token, form: form, authorization: authorization))
        try checkScopes(answer)
        let subject = try await verify(answer, nonce: nonce, previous: previous)
        return PlatformToken(
            access: answer.access, refresh: answer.refresh ?? previous?.refresh, obtainedAt: sentAt,
            expiresAt: sentAt + (answer.lifetime ?? configuration.assumedLifetime),
            scopes: answer.scopes ?? previous?.scopes ?? configuration.scopes, subject: subject)
    }

    /// Better told at the login than by every later call in its own way. `openid` is proved by the id_token.
    private func checkScopes(_ answer: TokenAnswer) throws(TokenFailure) {
        guard let granted = answer.scopes else { return }
        let missing = configuration.scopes.filter { $0 != "openid" && !granted.contains($0) }
        guard missing.isEmpty else {
            throw TokenFailure(.scopeReduced, "not granted: \(missing.joined(separator: " "))")
        }
    }

    /// Whom the id_token names. A login may be required to bring one, a refresh not (OpenID Connect Core §12.2).
    private func verify(_ answer: TokenAnswer, nonce: Redacted?, previous: PlatformToken?)
        async throws(TokenFailure) -> Redacted?
    {
        guard case .authorizationCode = configuration.grant else { return nil }
        guard let text = answer.idToken else {
            guard previous != nil || !configuration.requiresIDToken else {
                throw TokenFailure(.idTokenInvalid, "the server sent none")
            }
            return previous?.subject
        }
        let expected = IDToken.Expectation(
            issuer: configuration.issuer, audience: configuration.clientID, nonce: nonce,
            access: answer.access, subject: previous?.subject, clockSkew: configuration.clockSkew)
        return try await IDToken.verify(text.exposed, keys: keys, expecting: expected, now: clock()).subject
    }
}
