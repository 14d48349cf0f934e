import AuditLog
import Foundation
import Testing

@Suite("Sessions and tokens")
struct SessionTests {
    @Test("A refresh token works once; using it again ends its whole family and is logged")
    func reuse() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.auditor)
            let session = try await server.logIn(.auditor)
            let other = try await server.logIn(.auditor)
            func refresh(_ token: String) async throws -> Answer {
                try await server.request(
                    "POST", "/v1/tokens/refresh", body: ["refresh_token": .string(token)])
            }
            let stolen = try session.string("refresh_token")
            let second = try await refresh(stolen)
            #expect(second.status == 200)
            #expect(try second.string("refresh_token") != stolen)
            let reused = try await refresh(stolen)
            #expect(reused.status == 401 && reused.code == "refresh_reused")
            // The honest holder's newer token is ended too: nobody can tell who the thief was.
            #expect(try await refresh(try second.string("refresh_token")).status == 401)
            #expect(try await refresh(try other.string("refresh_token")).status == 200, "another family")
            let entries = try await server.entries(event: "session.reuse_detected")
            #expect(entries.count == 1)
            #expect(entries.first?["subject"]?["id"]?.string == session["operator"]?["id"]?.string)
        }
    }

    @Test("Of many refreshes with one token at once only one is granted", .timeLimit(.minutes(10)))
    func refreshRace() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.auditor)
            let token = try await server.logIn(.auditor).string("refresh_token")
            let statuses = try await concurrently(10) { _ in
                try await server.request(
                    "POST", "/v1/tokens/refresh", body: ["refresh_token": .string(token)]
                ).status
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 401 }.count == 9)
            // Reuse was seen, however close: the family is ended.
            #expect(try await server.entries(event: "session.reuse_detected").isEmpty == false)
        }
    }

    @Test("Logging out ends the family, and an expired refresh token is refused")
    func ends() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.auditor)
            let session: JSON = [
                "refresh_token": .string(try await server.logIn(.auditor).string("refresh_token"))
            ]
            try await server.expect(204, "POST", "/v1/tokens/revoke", body: session)
            #expect(try await server.request("POST", "/v1/tokens/refresh", body: session).status == 401)
            let old: JSON = [
                "refresh_token": .string(try await server.logIn(.auditor).string("refresh_token"))
            ]
            server.clock.advance(seconds: 12 * TestClock.hour)
            #expect(try await server.request("POST", "/v1/tokens/refresh", body: old).status == 401)
        }
    }

    @Test("A wrong password and an unknown name answer the same, and both are logged")
    func wrongPassword() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.auditor)
            func logIn(_ name: String, _ password: String) async throws -> Answer {
                try await server.request(
                    "POST", "/v1/tokens", body: ["name": .string(name), "password": .string(password)])
            }
            let wrong = try await logIn(Staff.auditor.name, "not the password")
            let unknown = try await logIn("nobody at all", "not the password")
            for answer in [wrong, unknown] {
                #expect(answer.status == 401 && answer.code == "unauthenticated")
            }
            #expect(wrong["title"] == unknown["title"] && wrong["detail"] == unknown["detail"])
            let refused = try await server.entries(event: "session.opened").filter {
                $0["outcome"]?.string == "refused"
            }
            #expect(refused.count == 2)
        }
    }

    @Test("A disabled operator is out at once, and so is everybody when the password is changed")
    func disabled() async throws {
        try await RunningServer.run { server in
            let id = try await server.id(of: .auditor)
            let session = try await server.logIn(.auditor)
            let token = try session.string("access_token")
            let refresh: JSON = ["refresh_token": session["refresh_token"] ?? .null]
            try await server.expect(200, "GET", "/v1/operators/me", token: token)
            try await server.expect(200, "PATCH", "/v1/operators/\(id)", as: .admin, body: ["active": false])
            #expect(try await server.request("GET", "/v1/operators/me", token: token).status == 401)
            #expect(try await server.request("POST", "/v1/tokens/refresh", body: refresh).status == 401)
            let login: JSON = [
                "name": .string(Staff.auditor.name), "password": .string(Staff.auditor.password),
            ]
            #expect(try await server.request("POST", "/v1/tokens", body: login).status == 401)
            try await server.expect(200, "PATCH", "/v1/operators/\(id)", as: .admin, body: ["active": true])
            let again: JSON = [
                "refresh_token": .string(try await server.logIn(.auditor).string("refresh_token"))
            ]
            try await server.expect(
                200, "PATCH", "/v1/operators/\(id)", as: .admin, body: ["password": "another password"])
            #expect(try await server.request("POST", "/v1/tokens/refresh", body: again).status == 401)
            #expect(try await server.request("POST", "/v1/tokens", body: login).status == 401)
        }
    }

    @Test("A change of roles takes hold with the token that is out already")
    func rolesChange() async throws {
        try await RunningServer.run { server in
            let id = try await server.id(of: .auditor)
            let token = try await server.token(of: .auditor)
            try await server.expect(200, "GET", "/v1/audit/entries?limit=1", token: token)
            try await server.expect(
                200, "PATCH", "/v1/operators/\(id)", as: .admin, body: ["roles": ["approver"]])
            #expect(try await server.request("GET", "/v1/audit/entries?limit=1", token: token).status == 403)
        }
    }

    @Test("The one-time token works once, and a new one replaces the one before")
    func oneTimeToken() async throws {
        try await RunningServer.run { server in
            let first = try await server.operatorToken()
            let second = try await server.operatorToken()
            func bootstrap(_ token: String, _ name: String) async throws -> Int {
                try await server.request(
                    "POST", "/v1/bootstrap",
                    body: ["token": .string(token), "name": .string(name), "password": "a long password"]
                ).status
            }
            #expect(try await bootstrap(first, "One") == 401)
            #expect(try await bootstrap(second, "Two") == 201)
            #expect(try await bootstrap(second, "Three") == 401)
        }
    }

    @Test("Of many who use the one-time token at once one becomes an operator", .timeLimit(.minutes(10)))
    func oneTimeTokenRace() async throws {
        try await RunningServer.run { server in
            let token = try await server.operatorToken()
            let statuses = try await concurrently(8) { number in
                try await server.request(
                    "POST", "/v1/bootstrap",
                    body: [
                        "token": .string(token), "name": .string("Racer \(number)"),
                        "password": "a long password",
                    ]
                ).status
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 401 }.count == 7)
        }
    }
}
