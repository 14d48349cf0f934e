import Crypto
import Foundation
import InsurancePlatform
import NIOSSL
import PlatformSimulator
import Testing

@Suite("The OAuth2 client at the sandbox", .timeLimit(.minutes(10)))
struct OAuth2ClientTests {
    /// A client as the server has it: mutual TLS, the secret from its file.
    private struct Institution: Sendable {
        let client: OAuth2Client
        let http: OAuth2HTTP
        let tokens: TokenCache

        init(_ running: RunningSandbox, _ directory: String, _ grant: OAuth2Configuration.Grant) throws {
            let files = running.addresses.files
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(files.authority))
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.clientCertificate)
                .map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.clientKey, format: .pem))
            let configuration = try OAuth2Configuration(
                issuer: running.addresses.base, endpoints: .init(base: running.addresses.base),
                clientID: running.sandbox.credentials.clientID,
                clientSecret: try Redacted(firstLineOf: directory + "/client/client-secret"),
                scopes: ["openid", "patient.read", "claim.write"], grant: grant)
            http = OAuth2HTTP(tls: { [tls] in tls })
            client = OAuth2Client(
                configuration: configuration, http: http, clock: SandboxConfiguration.systemClock)
            let row = TokenStore.Stored(sealed: nil, generation: 0)
            tokens = TokenCache(
                site: "sandbox", client: client,
                store: TokenStore(
                    load: { row }, save: { _, _ in true }, lease: { _, _ in true }, releaseLease: {}),
                key: SymmetricKey(size: .bits256), clock: SandboxConfiguration.systemClock)
        }
    }

    private static func inSandbox(_ scenario: (RunningSandbox, String) async throws -> Void) async throws {
        let directory = NSTemporaryDirectory() + "sandbox-oauth2-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RunningSandbox.run(in: directory) { try await scenario($0, directory) }
    }

    private static func status(_ running: RunningSandbox, _ token: String) async throws -> Int {
        var client = running.client
        client.token = token
        let person = try await running.person(1)
        let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
        return try await client.post(client.call(query)).status
    }

    @Test(
        "A person logs in on its page; the token admits calls, is renewed when revoked, and ends with the grant"
    )
    func login() async throws {
        try await Self.inSandbox { running, directory in
            let redirect = try RedirectURI("http://127.0.0.1:18796/callback")
            let institution = try Institution(running, directory, .authorizationCode(redirect: redirect))
            let url = try institution.client.beginLogin()
            let asked = URLComponents(string: url)?.queryItems ?? []
            let password = try Redacted(firstLineOf: directory + "/client/login-password")
            let page = try await running.client.form(
                "/auth/oauth2/v1/authorize",
                asked.map { ($0.name, $0.value ?? "") } + [
                    ("username", running.sandbox.credentials.userName), ("password", password.exposed),
                ])
            let state = asked.first { $0.name == "state" }?.value ?? ""
            let arrival = try LoginArrival(at: try #require(page.location), redirect, state: state)
            try await institution.tokens.adopt(
                try await institution.client.exchange(
                    code: arrival.code, state: arrival.state, issuer: arrival.issuer))

            let first = try await institution.tokens.token()
            #expect(try await Self.status(running, first) == 200)
            try await running.sandbox.revokeTokens()
            #expect(try await Self.status(running, first) == 401)
            institution.tokens.reject(first)
            let second = try await institution.tokens.token()
            #expect(second != first)
            #expect(try await Self.status(running, second) == 200)

            try await running.sandbox.revokeTokens(withRefresh: true)
            institution.tokens.reject(second)
            let failure = await #expect(throws: TokenFailure.self) { try await institution.tokens.token() }
            #expect(failure?.code == .loginNeeded)
            try await institution.http.shutDown()
        }
    }

    @Test("The legacy grant gets a token that admits calls")
    func legacy() async throws {
        try await Self.inSandbox { running, directory in
            let institution = try Institution(running, directory, .legacyClientCredentials)
            #expect(try await Self.status(running, try await institution.tokens.token()) == 200)
            try await institution.http.shutDown()
        }
    }
}
