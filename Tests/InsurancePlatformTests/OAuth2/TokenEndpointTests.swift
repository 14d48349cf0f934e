import Foundation
import InsurancePlatform
import NIOSSL
import Testing

@Suite("A token endpoint that misbehaves", .timeLimit(.minutes(10)))
struct TokenEndpointTests {
    typealias Response = AuthorizationServer.Response

    static let answers: [(Response, TokenFailure.Code)] = [
        (.init(status: 500, body: "oops"), .serverError),
        (.init(status: 503, body: #"{"error":"invalid_grant"}"#), .serverError),
        (.error("invalid_client", status: 401), .refused),
        (.init(status: 400, body: "<html>"), .refused),
        (.init(status: 307, headers: [("Location", "https://127.0.0.1:1/")]), .unreadableAnswer),
        (.init(status: 204), .unreadableAnswer),
        (.init(body: ""), .unreadableAnswer),
        (.init(body: "[]"), .unreadableAnswer),
        (.init(body: #"{"access_token":""}"#), .unreadableAnswer),
        (.init(body: #"{"access_token":"a","access_token":"b"}"#), .unreadableAnswer),
        (.init(body: #"{"access_token":"a\r\nX: y"}"#), .unreadableAnswer),
        (.init(body: #"{"access_token":"a","token_type":"mac"}"#), .unreadableAnswer),
        (.init(body: #"{"access_token":"a","expires_in":-1}"#), .unreadableAnswer),
        (.init(body: #"{"access_token":"a","expires_in":"soon"}"#), .unreadableAnswer),
        (.init(body: String(repeating: " ", count: 300_000)), .unreadableAnswer),
        (.init(body: #"{"access_token":"a"}"#), .idTokenInvalid),
    ]

    @Test("Each has its code, and no failure repeats what the server wrote", arguments: answers)
    func answer(_ response: Response, _ code: TokenFailure.Code) async throws {
        try await LoginScene.run { behavior in
            behavior.override = response
        } body: { scene in
            let failure = await scene.failure { _ = try await scene.logIn() }
            #expect(failure?.code == code)
            #expect(failure?.detail.contains("Zhang") == false)
            #expect(scene.server.requests("/token").count == 1, "never sent twice")
        }
    }

    @Test("Half an answer and silence end with the deadline", arguments: [true, false])
    func silence(isHalf: Bool) async throws {
        try await LoginScene.run(timeout: .milliseconds(300)) { behavior in
            if isHalf {
                behavior.override = .init(body: #"{"access_token":"#, isHalf: true)
            } else {
                behavior.delay = .seconds(3)
            }
        } body: { scene in
            let failure = await scene.failure { _ = try await scene.logIn() }
            #expect(failure?.code == .timeout)
        }
    }

    @Test("Lifetimes come as numbers, strings, fractions, absurd or not at all")
    func lifetimes() async throws {
        for (text, milliseconds) in [
            ("60", 60_000), (#""60""#, 60_000), ("60.5", 60_000), ("99999999999", 86_400_000),
        ] {
            try await LoginScene.run {
                $0.lifetime = text
            } body: { scene in
                let token = try await scene.logIn()
                #expect(token.expiresAt - token.obtainedAt == Int64(milliseconds), "\(text)")
            }
        }
        try await LoginScene.run(scopes: ["claim.write"]) { behavior in
            behavior.override = .init(body: #"{"access_token":"a"}"#)
        } body: { scene in
            let token = try await scene.logIn()
            #expect(token.expiresAt - token.obtainedAt == 300_000)
        }
    }

    @Test("A server whose certificate is not trusted gets nothing, and trust can't be switched off")
    func untrusted() async throws {
        try await LoginScene.run { scene in
            var careless = TLSConfiguration.makeClientConfiguration()
            careless.certificateVerification = .none
            for tls in [nil, careless] {
                let http = OAuth2HTTP(timeout: .seconds(5), tls: { tls })
                let client = OAuth2Client(
                    configuration: scene.client.configuration, http: http, clock: scene.clock.now)
                let back = scene.parameters(try await scene.browse(try client.beginLogin()))
                let failure = await scene.failure {
                    _ = try await client.exchange(
                        code: Redacted(back["code"] ?? ""), state: back["state"] ?? "")
                }
                #expect(failure?.code == .tlsFailed)
                try await http.shutDown()
            }
            #expect(scene.server.requests("/token").isEmpty)
        }
    }

    @Test("A server that isn't there is unreachable, and the call that needed the token was not sent")
    func unreachable() async throws {
        let http = OAuth2HTTP(timeout: .seconds(5))
        let configuration = try OAuth2Configuration(
            issuer: "https://127.0.0.1:1", endpoints: .init(base: "https://127.0.0.1:1"), clientID: "c",
            clientSecret: Redacted("s"), scopes: ["a"], grant: .legacyClientCredentials)
        let client = OAuth2Client(configuration: configuration, http: http, clock: StandingClock().now)
        await #expect(throws: TokenFailure.self) { try await client.renew(nil) }
        do throws(TokenFailure) { _ = try await client.renew(nil) } catch {
            #expect(error.code == .unreachable)
            #expect(error.platformFailure.reason == .unreachable)
            guard case .notSent = error.platformFailure else {
                Issue.record("nothing was sent")
                return
            }
        }
        try await http.shutDown()
    }
}
