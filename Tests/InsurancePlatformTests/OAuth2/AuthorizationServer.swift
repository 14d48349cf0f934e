import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An authorization server over HTTPS on a free port: it says yes to every person, and is strict with clients.
final class AuthorizationServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var query: [String: String]
        var form: [String: String]
        var authorization: String?
    }

    struct Response: Sendable {
        var status = 200
        var headers: [(String, String)] = [("Content-Type", "application/json")]
        var body = ""
        /// Announces more than it sends, and then keeps silent.
        var isHalf = false

        static func error(_ code: String, status: Int = 400) -> Response {
            Response(status: status, body: #"{"error":"\#(code)","error_description":"Zhang San 1234"}"#)
        }
    }

    struct Behavior: Sendable {
        var clientID = "hufu-test"
        var secret: String? = "client secret: ünïcode"
        var redirect = "http://127.0.0.1:18790/callback"
        var lifetime = "900"
        var signers: [TokenSigner] = []
        /// Rewrites the claims of the next id_tokens.
        var claims: @Sendable (String) -> String = { $0 }
        var sendsIDToken = true
        var rotatesRefreshTokens = true
        /// Whole answers of the token endpoint in the server's stead.
        var override: Response?
        var delay: Duration = .zero
        var password: String?
    }

    private struct Grant {
        var redirect: String
        var challenge: String
        var nonce: String
        var scope: String
    }

    private struct State {
        var behavior: Behavior
        var codes: [String: Grant] = [:]
        var refreshTokens: [String: String] = [:]
        var count = 0
        var requests: [Request] = []
    }

    private let state: Mutex<State>
    private let clock: @Sendable () -> Int64
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    init(_ behavior: Behavior, clock: @escaping @Sendable () -> Int64) async throws {
        state = Mutex(State(behavior: behavior))
        self.clock = clock
        let files = try LoopbackCertificate.shared.get()
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate)
                    .map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))))
        let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .childChannelInitializer { [unowned self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        ServerConnection { await self.answer($0) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = bound }
    }

    func end() async throws { try await channel.withLock { $0 }?.close() }

    var base: String { "https://127.0.0.1:\(channel.withLock { $0 }?.localAddress?.port ?? 0)" }

    func change(_ change: (inout Behavior) -> Void) { state.withLock { change(&$0.behavior) } }

    /// The requests so far whose path ends so.
    func requests(_ ending: String) -> [Request] {
        state.withLock { $0.requests.filter { $0.path.hasSuffix(ending) } }
    }

    /// Forgets every refresh token, as after a revocation.
    func revokeAll() { state.withLock { $0.refreshTokens = [:] } }

    private func answer(_ request: Request) async -> Response {
        let behavior = state.withLock { state in
            state.requests.append(request)
            return state.behavior
        }
        switch request.path {
        case "/auth/oauth2/v1/authorize": return authorize(request, behavior)
        case "/auth/oauth2/v1/token":
            try? await Task.sleep(for: behavior.delay)
            if let override = behavior.override { return override }
            return await token(request, behavior)
        case "/auth/oauth2/v1/jwks":
            return Response(body: #"{"keys":[\#(behavior.signers.map(\.jwk).joined(separator: ","))]}"#)
        default: return Response(status: 404)
        }
    }

    private func authorize(_ request: Request, _ behavior: Behavior) -> Response {
        let query = request.query
        guard query["response_type"] == "code", query["client_id"] == behavior.clientID,
            query["redirect_uri"] == behavior.redirect, query["code_challenge_method"] == "S256",
            let challenge = query["code_challenge"], challenge.utf8.count == 43,
            let given = query["state"], given.utf8.count >= 22, let nonce = query["nonce"],
            let scope = query["scope"]
        else { return .error("invalid_request") }
        let code = state.withLock { state in
            state.count += 1
            let code = "code-\(state.count)"
            state.codes[code] = Grant(
                redirect: behavior.redirect, challenge: challenge, nonce: nonce, scope: scope)
            return code
        }
        let location = "\(behavior.redirect)?code=\(code)&state=\(given)&iss=\(base)"
        return Response(status: 302, headers: [("Location", location)])
    }

    private func token(_ request: Request, _ behavior: Behavior) async -> Response {
        let form = request.form
        guard isClient(request, behavior) else { return .error("invalid_client", status: 401) }
        switch form["grant_type"] {
        case "authorization_code":
            guard let grant = state.withLock({ $0.codes.removeValue(forKey: form["code"] ?? "") }),
                grant.redirect == form["redirect_uri"],
                TokenSigner.base64URL(Data(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8))))
                    == grant.challenge
            else { return .error("invalid_grant") }
            return await issue(behavior, scope: grant.scope, nonce: grant.nonce)
        case "refresh_token":
            let presented = form["refresh_token"] ?? ""
            let scope = state.withLock { state in
                behavior.rotatesRefreshTokens
                    ? state.refreshTokens.removeValue(forKey: presented) : state.refreshTokens[presented]
            }
            guard let scope else { return .error("invalid_grant") }
            return await issue(
                behavior, scope: scope, nonce: nil,
                refresh: behavior.rotatesRefreshTokens ? nil : presented)
        case "client_credentials":
            return await issue(behavior, scope: form["scope"] ?? "", nonce: nil, isLegacy: true)
        case "password":
            guard form["username"] == "his", form["password"] == behavior.password else {
                return .error("invalid_grant")
            }
            return await issue(behavior, scope: form["scope"] ?? "", nonce: nil, isLegacy: true)
        default: return .error("unsupported_grant_type")
        }
    }

    private func isClient(_ request: Request, _ behavior: Behavior) -> Bool {
        guard let secret = behavior.secret else {
            return request.authorization == nil && request.form["client_id"] == behavior.clientID
        }
        if let basic = request.authorization {
            guard let data = Data(base64Encoded: String(basic.dropFirst("Basic ".count))) else {
                return false
            }
            let parts = String(decoding: data, as: UTF8.self).split(separator: ":").map {
                String($0).removingPercentEncoding
            }
            return parts == [behavior.clientID, secret] && request.form["client_secret"] == nil
        }
        return request.form["client_id"] == behavior.clientID && request.form["client_secret"] == secret
    }

    private func issue(
        _ behavior: Behavior, scope: String, nonce: String?, refresh: String? = nil, isLegacy: Bool = false
    ) async -> Response {
        let number = state.withLock { state in
            state.count += 1
            if refresh == nil { state.refreshTokens["refresh-\(state.count)"] = scope }
            return state.count
        }
        var members = [
            #""access_token":"access-\#(number)""#, #""token_type":"Bearer""#, #""scope":"\#(scope)""#,
            #""expires_in":\#(behavior.lifetime)"#,
        ]
        if !isLegacy, behavior.rotatesRefreshTokens || nonce != nil {
            members.append(#""refresh_token":"\#(refresh ?? "refresh-\(number)")""#)
        }
        if !isLegacy, behavior.sendsIDToken, let signer = behavior.signers.first {
            let now = clock() / 1000
            let hash = TokenSigner.base64URL(
                Data(SHA256.hash(data: Data("access-\(number)".utf8))).prefix(16))
            let once = nonce.map { #","nonce":"\#($0)""# } ?? ""
            let claims = behavior.claims(
                #"{"iss":"\#(base)","sub":"institution-7","aud":"\#(behavior.clientID)","exp":\#(now + 300)"#
                    + #","iat":\#(now),"at_hash":"\#(hash)"\#(once)}"#)
            guard let token = try? await signer.token(claims: claims) else { return Response(status: 500) }
            members.append(#""id_token":"\#(token)""#)
        }
        return Response(body: "{\(members.joined(separator: ","))}")
    }
}
