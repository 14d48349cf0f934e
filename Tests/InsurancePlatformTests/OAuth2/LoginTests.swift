import Foundation
import InsurancePlatform
import Testing

@Suite("The login at the platform", .timeLimit(.minutes(10)))
struct LoginTests {
    @Test("A person logs in by authorization code with PKCE, and the token says until when and for what")
    func login() async throws {
        try await LoginScene.run { scene in
            let token = try await scene.logIn()
            #expect(token.access.exposed.hasPrefix("access-"))
            #expect(token.refresh?.exposed.hasPrefix("refresh-") == true)
            #expect(token.expiresAt == scene.clock.now() + 900_000)
            #expect(token.scopes == ["openid", "patient.read", "claim.write"])
            #expect(token.subject == Redacted("institution-7"))
        }
    }

    @Test("What is asked for is explicit: the redirect URI as configured, S256, a state of 32 bytes")
    func request() async throws {
        try await LoginScene.run { scene in
            let first = scene.parameters(try scene.client.beginLogin())
            let second = scene.parameters(try scene.client.beginLogin())
            #expect(first["redirect_uri"] == "http://127.0.0.1:18790/callback")
            #expect(first["code_challenge_method"] == "S256" && first["response_type"] == "code")
            #expect(first["scope"] == "openid patient.read claim.write")
            for name in ["state", "nonce", "code_challenge"] {
                #expect(first[name]?.utf8.count == 43 && first[name] != second[name], "\(name)")
            }
        }
    }

    @Test("A state is good once, for ten minutes, and only if it is ours; nothing is sent for another")
    func states() async throws {
        try await LoginScene.run { scene in
            let back = scene.parameters(try await scene.browse(try scene.client.beginLogin()))
            let (code, state) = (Redacted(back["code"] ?? ""), back["state"] ?? "")
            for wrong in ["", String(state.dropLast()), state + "A", "made up"] {
                let failure = await scene.failure {
                    _ = try await scene.client.exchange(code: code, state: wrong)
                }
                #expect(failure?.code == .stateUnknown)
            }
            #expect(scene.server.requests("/token").isEmpty)
            _ = try await scene.client.exchange(code: code, state: state)
            let again = await scene.failure { _ = try await scene.client.exchange(code: code, state: state) }
            #expect(again?.code == .stateUnknown)
            #expect(scene.server.requests("/token").count == 1)

            let late = scene.parameters(try await scene.browse(try scene.client.beginLogin()))
            scene.clock.advance(seconds: 600)
            let failure = await scene.failure {
                _ = try await scene.client.exchange(
                    code: Redacted(late["code"] ?? ""), state: late["state"] ?? "")
            }
            #expect(failure?.code == .stateUnknown)
            #expect(scene.server.requests("/token").count == 1)
        }
    }

    @Test("A code that another server's redirect brings is not sent on, and its state is used up")
    func mixUp() async throws {
        try await LoginScene.run { scene in
            let back = scene.parameters(try await scene.browse(try scene.client.beginLogin()))
            for expected in [TokenFailure.Code.wrongIssuer, .stateUnknown] {
                let failure = await scene.failure {
                    _ = try await scene.client.exchange(
                        code: Redacted(back["code"] ?? ""), state: back["state"] ?? "",
                        issuer: "https://evil.example")
                }
                #expect(failure?.code == expected)
            }
            #expect(scene.server.requests("/token").isEmpty)
        }
    }

    @Test("The seventeenth login that begins ends the first")
    func crowd() async throws {
        try await LoginScene.run { scene in
            let first = scene.parameters(try scene.client.beginLogin())["state"] ?? ""
            let second = scene.parameters(try scene.client.beginLogin())["state"] ?? ""
            for _ in 0..<15 { _ = try scene.client.beginLogin() }
            let lost = await scene.failure {
                _ = try await scene.client.exchange(code: Redacted("c"), state: first)
            }
            #expect(lost?.code == .stateUnknown)
            let waiting = await scene.failure {
                _ = try await scene.client.exchange(code: Redacted("c"), state: second)
            }
            #expect(waiting?.code == .refused && waiting?.detail == "invalid_grant")
        }
    }

    @Test(
        "The client proves itself as configured, whatever characters its secret has",
        arguments: OAuth2Configuration.ClientAuthentication.allCases)
    func clientAuthentication(_ authentication: OAuth2Configuration.ClientAuthentication) async throws {
        try await LoginScene.run(authentication: authentication) { behavior in
            if authentication == .none { behavior.secret = nil }
        } body: { scene in
            _ = try await scene.logIn()
            let sent = try #require(scene.server.requests("/token").first)
            #expect((sent.authorization != nil) == (authentication == .basic))
            #expect((sent.form["client_secret"] != nil) == (authentication == .post))
            #expect(sent.query.isEmpty, "secrets stand in no address")
        }
    }

    @Test("A refresh gives a new token and the refresh token that follows; without one the old stays good")
    func refresh() async throws {
        for rotates in [true, false] {
            try await LoginScene.run { behavior in
                behavior.rotatesRefreshTokens = rotates
            } body: { scene in
                let first = try await scene.logIn()
                let second = try await scene.client.refresh(first)
                #expect(second.access != first.access)
                #expect((second.refresh != first.refresh) == rotates)
                #expect(second.subject == first.subject && second.scopes == first.scopes)
                #expect(try await scene.client.refresh(second).access != second.access)
            }
        }
    }

    @Test("A refresh token that was used or revoked means that somebody has to log in")
    func deadRefreshToken() async throws {
        try await LoginScene.run { scene in
            let first = try await scene.logIn()
            let second = try await scene.client.refresh(first)
            let reused = await scene.failure { _ = try await scene.client.refresh(first) }
            #expect(reused?.code == .loginNeeded)
            scene.server.revokeAll()
            let revoked = await scene.failure { _ = try await scene.client.refresh(second) }
            #expect(revoked?.code == .loginNeeded)
        }
    }

    @Test("A server that grants less than was asked for is refused at the login")
    func scopes() async throws {
        try await LoginScene.run { behavior in
            behavior.override = .init(
                body: #"{"access_token":"a","token_type":"bearer","scope":"openid patient.read"}"#)
        } body: { scene in
            let failure = await scene.failure { _ = try await scene.logIn() }
            #expect(failure?.code == .scopeReduced && failure?.detail.contains("claim.write") == true)
        }
    }

    @Test("The legacy grants work without a person, and say that they are legacy")
    func legacy() async throws {
        try await LoginScene.run(scopes: ["claim.write"], grant: .legacyClientCredentials) { scene in
            let token = try await scene.client.renew(nil)
            #expect(token.refresh == nil && token.subject == nil)
            #expect(scene.client.configuration.grant.isLegacy)
            let failure = await scene.failure { _ = try scene.client.beginLogin() }
            #expect(failure?.code == .configuration)
        }
        let password = OAuth2Configuration.Grant.legacyPassword(user: "his", password: Redacted("pass&word="))
        try await LoginScene.run(scopes: ["claim.write"], grant: password) { behavior in
            behavior.password = "pass&word="
        } body: { scene in
            let token = try await scene.client.renew(nil)
            #expect(token.access.exposed.hasPrefix("access-"))
            scene.server.change { $0.password = "changed" }
            let failure = await scene.failure { _ = try await scene.client.renew(nil) }
            #expect(failure?.code == .refused && failure?.detail == "invalid_grant")
            #expect(scene.client.configuration.grant.isLegacy)
        }
    }
}
