import AsyncHTTPClient
import Foundation
import InsurancePlatform
import NIOCore
import NIOHTTP1
import NIOSSL

/// An authorization server, a client of it, and a person with a browser.
struct LoginScene: Sendable {
    let server: AuthorizationServer
    let client: OAuth2Client
    let clock: StandingClock
    let http: OAuth2HTTP

    struct NoRedirect: Error {}

    static let browser = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    /// The test's root and no other.
    static func trust() throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMFile(try LoopbackCertificate.shared.get().certificate))
        return tls
    }

    static func run(
        scopes: [String] = ["openid", "patient.read", "claim.write"], timeout: Duration = .seconds(10),
        authentication: OAuth2Configuration.ClientAuthentication = .basic,
        grant: OAuth2Configuration.Grant? = nil,
        _ change: (inout AuthorizationServer.Behavior) -> Void = { _ in },
        body: (LoginScene) async throws -> Void
    ) async throws {
        let clock = StandingClock()
        var behavior = AuthorizationServer.Behavior()
        behavior.signers = [await TokenSigner.p256("key-1")]
        change(&behavior)
        let server = try await AuthorizationServer(behavior, clock: clock.now)
        let tls = try trust()
        let http = OAuth2HTTP(timeout: timeout, tls: { tls })
        let configuration = try OAuth2Configuration(
            issuer: server.base, endpoints: .init(base: server.base), clientID: behavior.clientID,
            clientSecret: authentication == .none ? nil : behavior.secret.map { Redacted($0) },
            authentication: authentication, scopes: scopes,
            grant: grant ?? .authorizationCode(redirect: try RedirectURI(behavior.redirect)))
        let client = OAuth2Client(configuration: configuration, http: http, clock: clock.now)
        let result = await Result { () async throws in
            try await body(LoginScene(server: server, client: client, clock: clock, http: http))
        }
        try await http.shutDown()
        try await server.end()
        try result.get()
    }

    /// Opens the address as a browser does, and answers where it is sent.
    func browse(_ url: String) async throws -> String {
        var request = HTTPClientRequest(url: url)
        request.tlsConfiguration = try Self.trust()
        let answer = try await LoginScene.browser.execute(request, timeout: .seconds(10))
        guard let location = answer.headers.first(name: "Location") else { throw NoRedirect() }
        return location
    }

    /// What the redirect carries.
    func parameters(_ location: String) -> [String: String] {
        let items = URLComponents(string: location)?.queryItems ?? []
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
    }

    /// A whole login.
    func logIn() async throws -> PlatformToken {
        let back = parameters(try await browse(try client.beginLogin()))
        return try await client.exchange(
            code: Redacted(back["code"] ?? ""), state: back["state"] ?? "", issuer: back["iss"])
    }

    func failure(_ work: () async throws -> Void) async -> TokenFailure? {
        do {
            try await work()
            return nil
        } catch {
            return error as? TokenFailure
        }
    }
}

extension Result where Failure == any Error {
    init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
