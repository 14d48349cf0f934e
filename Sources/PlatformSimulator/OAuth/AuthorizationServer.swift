import Crypto
import Foundation
import NIOHTTP1
import RequestSigning

/// The OAuth2 server of the sandbox: authorize with a login page, token, keys and discovery.
struct AuthorizationServer: Sendable {
    let credentials: SandboxCredentials
    let redirectURIs: [String]
    /// In seconds.
    let accessLifetime: Int64
    /// As `iss` and discovery spell it; known once the port is bound.
    let issuer: String
    let time: SandboxTime
    let tokens: TokenBook
    let keys: IDTokenKeys
    let codes = AuthorizationCodes()

    static let prefix = "/auth/oauth2/v1/"
    static let discovery = "/.well-known/openid-configuration"

    func metadata() -> SandboxReply {
        let base = issuer + Self.prefix
        func list(_ values: [String]) -> JSONText { .array(values.map { .string($0) }) }
        return SandboxReply.json(
            JSONText.object([
                "issuer": .string(issuer), "authorization_endpoint": .string(base + "authorize"),
                "token_endpoint": .string(base + "token"), "jwks_uri": .string(base + "jwks"),
                "response_types_supported": list(["code"]), "subject_types_supported": list(["public"]),
                "grant_types_supported": list([
                    "authorization_code", "refresh_token", "client_credentials", "password",
                ]),
                "id_token_signing_alg_values_supported": list(["ES256", "RS256"]),
                "scopes_supported": list(AuthorizationRequest.scopes),
                "token_endpoint_auth_methods_supported": list([
                    "client_secret_basic", "client_secret_post",
                ]),
                "code_challenge_methods_supported": list(["S256"]),
                "authorization_response_iss_parameter_supported": .boolean(true),
            ]).bytes)
    }

    // MARK: The login page

    func page(_ fields: [String: String]) -> SandboxReply {
        do {
            let request = try read(fields)
            return LoginPage(fields: fields, scope: request.scope, complaint: nil).reply()
        } catch { return refusal(error) }
    }

    func login(_ fields: [String: String]) -> SandboxReply {
        do {
            let request = try read(fields)
            let isKnown = RequestSigning.SharedSecret(fields["password"] ?? "") == credentials.password
            guard isKnown, fields["username"] == credentials.userName else {
                return LoginPage(
                    fields: fields, scope: request.scope, complaint: "用户名或密码不对 · wrong name or password"
                ).reply(.unauthorized)
            }
            let code = codes.issue(request, subject: credentials.userName, now: time.now)
            return redirect(
                request.redirectURI, [("code", code), ("state", request.state), ("iss", issuer)])
        } catch { return refusal(error) }
    }

    private func read(_ fields: [String: String]) throws(AuthorizationRequest.Refused) -> AuthorizationRequest
    {
        try AuthorizationRequest(fields, client: credentials.clientID, redirectURIs: redirectURIs)
    }

    private func refusal(_ refused: AuthorizationRequest.Refused) -> SandboxReply {
        switch refused {
        case .page(let text): return .text(.badRequest, type: "text/plain", text + "\n")
        case .redirect(let uri, let error, let detail, let state):
            return redirect(
                uri,
                [("error", error), ("error_description", detail), ("state", state), ("iss", issuer)])
        }
    }

    private func redirect(_ uri: String, _ fields: [(String, String)]) -> SandboxReply {
        let query = fields.map { "\($0.0)=\(FormText.encoded($0.1))" }.joined(separator: "&")
        return SandboxReply(
            .found,
            fields: [
                ("location", uri + (uri.contains("?") ? "&" : "?") + query), ("cache-control", "no-store"),
            ], body: .whole([]))
    }

    // MARK: The token endpoint

    func token(_ request: SandboxRequest) async -> SandboxReply {
        do {
            let form = request.form
            try authenticate(request, form)
            let issued = try await grant(form)
            return try answer(issued.0, grant: issued.1)
        } catch let error as OAuthError {
            return error.reply
        } catch {
            return SandboxReply.json(
                JSONText.object(["error": .string("server_error")]).bytes, .internalServerError)
        }
    }

    private func authenticate(_ request: SandboxRequest, _ form: [String: String]) throws {
        var (id, secret) = (form["client_id"], form["client_secret"])
        if let header = request.header("authorization"), header.lowercased().hasPrefix("basic ") {
            let bytes = Data(base64Encoded: String(header.dropFirst(6))) ?? Data()
            let pair = String(decoding: bytes, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let fields = FormText.fields("id=\(pair.first ?? "")&secret=\(pair.count > 1 ? pair[1] : "")")
            (id, secret) = (fields["id"], fields["secret"])
        }
        guard id == credentials.clientID,
            RequestSigning.SharedSecret(secret ?? "") == credentials.clientSecret
        else {
            throw OAuthError(.invalidClient, "client_id or client_secret is wrong")
        }
    }

    private func grant(
        _ form: [String: String]
    ) async throws -> (TokenBook.Issued, AuthorizationCodes.Grant?) {
        let now = time.now
        switch form["grant_type"] {
        case "authorization_code":
            let grant = try codes.take(
                form["code"] ?? "", redirectURI: form["redirect_uri"] ?? "",
                verifier: form["code_verifier"] ?? "", now: now)
            let issued = try await tokens.issue(
                subject: grant.subject, scope: grant.request.scope, withRefresh: true, now: now)
            return (issued, grant)
        case "refresh_token":
            return (try await tokens.refresh(form["refresh_token"] ?? "", now: now), nil)
        case "client_credentials":
            let scope = try scope(form)
            return (
                try await tokens.issue(
                    subject: credentials.clientID, scope: scope, withRefresh: false, now: now), nil
            )
        case "password":
            let isKnown = RequestSigning.SharedSecret(form["password"] ?? "") == credentials.password
            guard isKnown, form["username"] == credentials.userName else {
                throw OAuthError(.invalidGrant, "wrong name or password")
            }
            let scope = try scope(form)
            return (
                try await tokens.issue(
                    subject: credentials.userName, scope: scope, withRefresh: true, now: now), nil
            )
        default:
            throw OAuthError(
                .unsupportedGrantType,
                "known are authorization_code, refresh_token, client_credentials and password")
        }
    }

    private func scope(_ form: [String: String]) throws -> String {
        let wanted = (form["scope"] ?? "").split(separator: " ").map { String($0) }
        guard wanted.allSatisfy({ AuthorizationRequest.scopes.contains($0) }) else {
            throw OAuthError(
                .invalidScope, "known are \(AuthorizationRequest.scopes.joined(separator: " "))")
        }
        return (wanted.isEmpty ? AuthorizationRequest.scopes : wanted).joined(separator: " ")
    }

    private func answer(
        _ issued: TokenBook.Issued, grant: AuthorizationCodes.Grant?
    ) throws -> SandboxReply {
        var idToken: String?
        if let grant, issued.scope.split(separator: " ").contains("openid"), let key = keys.current {
            let seconds = time.now / 1000
            let half = SHA256.hash(data: Array(issued.access.utf8)).prefix(16)
            idToken = try key.sign(
                .present([
                    "iss": .string(issuer), "sub": .string(grant.subject),
                    "aud": .string(credentials.clientID), "exp": .number(seconds + accessLifetime),
                    "iat": .number(seconds), "nonce": grant.request.nonce.map { .string($0) },
                    "at_hash": .string(URLSafeBase64.text(half)),
                ]))
        }
        var reply = SandboxReply.json(
            JSONText.present([
                "access_token": .string(issued.access), "token_type": .string("Bearer"),
                "expires_in": .number(accessLifetime), "scope": .string(issued.scope),
                "refresh_token": issued.refresh.map { .string($0) }, "id_token": idToken.map { .string($0) },
            ]).bytes)
        reply.fields.append(("cache-control", "no-store"))
        return reply
    }
}
