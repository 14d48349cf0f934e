import AuditLog
import Crypto
import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("The login at the national platform", .timeLimit(.minutes(10)))
struct PlatformLoginTests {
    private static let key = SymmetricKey(data: Data(repeating: 9, count: 32))
    private static let body =
        #"{"access_token":"canary-access","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":900}"#

    private static func response(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n\(body)"
    }

    private struct Desk: Sendable {
        let login: PlatformLogin
        let tokens: TokenCache
        let http: OAuth2HTTP

        init(_ server: RunningServer, port: Int, isLegacy: Bool = false) async throws {
            let base = "http://127.0.0.1:\(port)"
            let redirect = try RedirectURI("http://127.0.0.1:8790/callback")
            let configuration = try OAuth2Configuration(
                issuer: base, endpoints: .init(base: base), clientID: "hufu",
                clientSecret: Redacted("canary-secret"), scopes: ["claim.write"],
                grant: isLegacy ? .legacyClientCredentials : .authorizationCode(redirect: redirect))
            let clock: @Sendable () -> Int64 = { server.clock.nanoseconds() / 1_000_000 }
            http = OAuth2HTTP(timeout: .seconds(10))
            let client = OAuth2Client(configuration: configuration, http: http, clock: clock)
            let authority = server.server.authority
            try await authority.store.write { transaction in
                let known = try transaction.rows("SELECT 1 FROM sqlite_master WHERE name = 'platform_token'")
                if known.isEmpty { try transaction.run(platformTokensSchema) }
            }
            tokens = TokenCache(
                site: "pilot", client: client,
                store: TokenStore(authority.store, site: "pilot", owner: UUID().lowercased),
                key: PlatformLoginTests.key, clock: clock)
            login = PlatformLogin(authority: authority, client: client, tokens: tokens, site: "pilot")
        }
    }

    private static func call(_ id: String) -> Call {
        Call(caller: .system, door: "http", requestID: id, traceID: UUID().hexadecimal)
    }

    private static func state(of url: String) -> String {
        URLComponents(string: url)?.queryItems?.first { $0.name == "state" }?.value ?? ""
    }

    @Test("A login ends with a sealed token and two entries, and neither holds a secret")
    func login() async throws {
        let platform = try TestUpstream(answer: Self.response("200 OK", Self.body))
        defer { platform.end() }
        try await RunningServer.run { server in
            let desk = try await Desk(server, port: platform.port)
            #expect(try await desk.login.status().json["state"]?.string == "missing")
            let begun = try await desk.login.begin(Self.call("request-1"))
            #expect(begun.json["redirect_uri"]?.string == "http://127.0.0.1:8790/callback")
            let standing = try await desk.login.finish(
                Self.call("request-2"), code: "canary-code", state: Self.state(of: begun.url))
            #expect(standing.json["state"]?.string == "fresh")
            #expect(standing.json["legacy"]?.bool == false)
            #expect(try await desk.tokens.token() == "canary-access")
            #expect(platform.requests.count == 1)

            let first = try await server.entry(ofRequest: "request-1")
            #expect(first?["event"]?.string == "platform.login_begun")
            let second = try #require(try await server.entry(ofRequest: "request-2"))
            #expect(second["event"]?.string == "platform.login_finished")
            #expect(second["outcome"]?.string == "success")
            #expect(second["subject"]?["id"]?.string == "pilot")

            let restarted = try await Desk(server, port: platform.port)
            #expect(try await restarted.login.status().json["state"]?.string == "fresh")
            #expect(platform.requests.count == 1)
            try await server.caughtUp()
            for file in try FileManager.default.subpathsOfDirectory(atPath: server.directory) {
                let bytes = FileManager.default.contents(atPath: server.directory + "/" + file) ?? Data()
                #expect(bytes.range(of: Data("canary".utf8)) == nil, "\(file)")
            }
            #expect(!server.log.text.contains("canary"))
            try await desk.http.shutDown()
            try await restarted.http.shutDown()
        }
    }

    @Test("A login that is refused, or was never begun, has an entry with the reason and changes nothing")
    func refusals() async throws {
        let platform = try TestUpstream(
            answer: Self.response("400 Bad Request", #"{"error":"invalid_grant"}"#))
        defer { platform.end() }
        try await RunningServer.run { server in
            let desk = try await Desk(server, port: platform.port)
            let unknown = await #expect(throws: Problem.self) {
                try await desk.login.finish(Self.call("request-1"), code: "c", state: "made up")
            }
            #expect(unknown?.status == 400 && unknown?.code == "platform_state_unknown")
            #expect(platform.requests.isEmpty)
            let begun = try await desk.login.begin(Self.call("request-2"))
            let refused = await #expect(throws: Problem.self) {
                try await desk.login.finish(
                    Self.call("request-3"), code: "c", state: Self.state(of: begun.url))
            }
            #expect(refused?.status == 502 && refused?.detail == "invalid_grant")
            for (id, reason) in [("request-1", "state_unknown"), ("request-3", "refused_by_server")] {
                let entry = try await server.entry(ofRequest: id)
                #expect(entry?["outcome"]?.string == "failure" && entry?["reason"]?.string == reason)
            }
            #expect(try await desk.login.status().json["state"]?.string == "missing")
            try await desk.http.shutDown()
        }
    }

    @Test("A legacy grant has no login, and its standing says so")
    func legacy() async throws {
        try await RunningServer.run { server in
            let desk = try await Desk(server, port: 1, isLegacy: true)
            let problem = await #expect(throws: Problem.self) {
                try await desk.login.begin(Self.call("request-1"))
            }
            #expect(problem?.code == "platform_login_not_needed")
            #expect(try await desk.login.status().json["legacy"]?.bool == true)
            try await desk.http.shutDown()
        }
    }
}
