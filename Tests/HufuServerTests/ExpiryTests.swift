import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("Time, and refusals that list everything")
struct ExpiryTests {
    @Test("An expired code answers 403 as a problem, with its reason and until when it was valid")
    func expired() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["duration": "P10D"])
            #expect(try await server.activate(code.code).status == 201)
            let until = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor).string(
                "expires_at")
            server.clock.advance(seconds: 10 * TestClock.day - 60)
            #expect(try await server.validate(code.code).status == 200)
            server.clock.advance(seconds: 60)
            for answer in [try await server.validate(code.code), try await server.activate(code.code)] {
                #expect(answer.status == 403)
                #expect(answer.header("content-type") == "application/problem+json")
                #expect(answer["reason"]?.string == "expired" && answer.code == "expired")
                #expect(answer["valid_until"]?.string == until)
                #expect(answer["checks"]?.array?.first?["cure"]?.string?.isEmpty == false)
                #expect(answer["checks"]?.array?.first?["cure_zh"]?.string?.isEmpty == false)
            }
        }
    }

    @Test("Before the sweep a code reads as expired already; the sweep marks it once and logs it")
    func softThenHard() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["duration": "P10D"])
            let other = try await server.issueCode(policy: ["duration": "P90D"])
            let unused = try await server.issueCode(policy: ["activate_within": "24h"])
            for code in [code, other] { #expect(try await server.activate(code.code).status == 201) }
            server.clock.advance(seconds: 11 * TestClock.day)
            #expect(try await server.state(of: code) == "expired")
            #expect(try await server.entries(event: "code.expired").isEmpty)
            #expect(try await server.sweep() == 2)
            #expect(try await server.sweep() == 0)
            let expired = try await server.entries(event: "code.expired")
            #expect(Set(expired.compactMap { $0["subject"]?["id"]?.string }) == [code.id, unused.id])
            #expect(expired.allSatisfy { $0["actor"]?["type"]?.string == "system" })
            #expect(Set(expired.compactMap { $0["data"]?["from"]?.string }) == ["active", "pending"])
            #expect(try await server.state(of: code) == "expired")
            #expect(try await server.state(of: other) == "active")
            let answer = try await server.activate(unused.code)
            #expect(answer.status == 403 && answer.checks.contains("activation_window_passed"))
            let renewal = try await server.request(
                "POST", "/v1/codes/\(code.id)/renewals", as: .issuer, body: [:])
            #expect(renewal.status == 403 && renewal.checks.contains("expired"))
        }
    }

    @Test("A list narrowed to a state holds what is in it now, before and after the sweep, page by page")
    func filterByState() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let policy = try await server.setPolicy(["duration": "P10D", "activate_within": "24h"])
            let other = try await server.setPolicy(["duration": "P90D", "duration_start": "first_activation"])
            var codes: [IssuedForTest] = []
            for number in 0..<8 {
                let name = number.isMultiple(of: 2) ? policy : other
                let code = try await server.issue(try await server.apply(policy: name))
                if number < 6 { #expect(try await server.activate(code.code).status == 201) }
                codes.append(code)
            }
            try await server.expect(
                200, "POST", "/v1/codes/\(codes[4].id)/suspension", as: .issuer, body: [:])
            try await server.expect(
                200, "POST", "/v1/codes/\(codes[5].id)/revocation", as: .issuer,
                body: ["reason": "superseded"])
            func check() async throws {
                let all = try await server.codes("")
                #expect(all.map(\.id) == codes.map(\.id))
                for state in ["pending", "active", "bound", "exhausted", "suspended", "expired", "revoked"] {
                    let due = all.filter { $0.state == state }
                    #expect(try await server.codes("state=\(state)&") == due, "\(state)")
                }
            }
            try await check()
            server.clock.advance(seconds: TestClock.day)
            #expect(try await server.codes("state=expired&").map(\.id) == [codes[6].id])
            try await check()
            server.clock.advance(seconds: 9 * TestClock.day)
            let expired = [0, 2, 4, 6, 7].map { codes[$0].id }
            #expect(try await server.codes("state=expired&").map(\.id) == expired)
            #expect(try await server.codes("state=active&").map(\.id) == [codes[1].id, codes[3].id])
            try await check()
            #expect(try await server.sweep() == 5)
            #expect(try await server.codes("state=expired&").map(\.id) == expired)
            try await check()
        }
    }

    @Test("The service sweeps by itself at its interval", .timeLimit(.minutes(10)))
    func sweepRuns() async throws {
        try await RunningServer.run {
            $0.sweepInterval = .milliseconds(50)
        } scenario: { server in
            let code = try await server.issueCode(policy: ["duration": "P1D"])
            #expect(try await server.activate(code.code).status == 201)
            server.clock.advance(seconds: TestClock.day)
            while try await server.entries(event: "code.expired").isEmpty {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("More codes than one round of the sweep takes are all marked", .timeLimit(.minutes(10)))
    func largeSweep() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["activate_within": "24h"])
            let application = try await server.apply(policy: policy, ["quantity": 450])
            let answer = try await server.expect(
                200, "POST", "/v1/batches", as: .issuer, body: ["application_id": .string(application)])
            let batch = try ReceivedBatch(ndjson: answer.text)
            try await server.expect(
                200, "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer,
                body: ["sha256": .string(batch.computedDigest)])
            server.clock.advance(seconds: TestClock.day)
            #expect(try await server.sweep() == 450)
            #expect(try await server.entries(event: "code.expired").count == 450)
        }
    }

    @Test("A code that is not valid yet says so, and is activated when its time has come")
    func notYetValid() async throws {
        try await RunningServer.run { server in
            let begin = RFC3339.string(
                unixMilliseconds: Int64((server.clock.now.timeIntervalSince1970 + TestClock.day) * 1000))
            let code = try await server.issueCode(terms: ["not_before": .string(begin)])
            #expect(try await server.activate(code.code).checks == ["not_yet_valid"])
            server.clock.advance(seconds: TestClock.day + 1)
            #expect(try await server.activate(code.code).status == 201)
        }
    }

    @Test("A refusal lists every check that failed, the most important first, and so does its entry")
    func everyFailedCheck() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(
                policy: ["duration": "P10D", "usage_limit": 1, "ip_allow_list": ["10.0.0.0/8"]])
            let refused = try await server.activate(code.code)
            #expect(refused.checks == ["ip_not_allowed"])
            try await server.expect(200, "POST", "/v1/codes/\(code.id)/suspension", as: .issuer, body: [:])
            let answer = try await server.validate(code.code, scopes: ["claim.read", "claim.delete"])
            #expect(answer.status == 403)
            #expect(answer.checks == ["suspended", "not_activated", "ip_not_allowed", "scope_not_granted"])
            let entry = try await server.entries(event: "code.validated").last
            #expect(entry?["reason"]?.string == "suspended")
            #expect(entry?["data"]?["failed_checks"]?.array?.compactMap(\.string) == answer.checks)
            server.clock.advance(seconds: 11 * TestClock.day)
            let late = try await server.validate(code.code)
            #expect(late.checks.first == "expired" && late.checks.contains("suspended"))
        }
    }

    @Test("Suspension stops a code and resuming brings it back where it was; revocation is final")
    func suspension() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let path = "/v1/codes/\(code.id)"
            #expect(
                try await server.request("DELETE", path + "/suspension", as: .issuer).code == "not_suspended")
            #expect(try await server.activate(code.code).status == 201)
            try await server.expect(200, "POST", path + "/suspension", as: .issuer, body: [:])
            #expect(try await server.activate(code.code).code == "suspended")
            #expect(
                try await server.request("POST", path + "/suspension", as: .issuer, body: [:]).status == 403)
            let resumed = try await server.expect(200, "DELETE", path + "/suspension", as: .issuer)
            #expect(resumed["state"]?.string == "active")
            let hold = try await server.request(
                "POST", path + "/revocation", as: .issuer, body: ["reason": "certificate_hold"])
            #expect(hold.status == 400 || hold.status == 403)
            try await server.expect(
                200, "POST", path + "/revocation", as: .issuer, body: ["reason": "key_compromise"])
            #expect(try await server.validate(code.code).code == "revoked")
            for (method, change) in [("POST", "suspension"), ("DELETE", "suspension"), ("POST", "renewals")] {
                let answer = try await server.request(
                    method, path + "/" + change, as: .issuer, body: method == "POST" ? [:] : nil)
                #expect(answer.status == 403 && answer.checks.contains("revoked"), "\(change)")
            }
        }
    }
}

/// A code as a list shows it.
private struct ListedCode: Equatable {
    var id: String
    var state: String
}

extension RunningServer {
    /// All codes that a query finds, two at a time.
    fileprivate func codes(_ query: String) async throws -> [ListedCode] {
        var found: [ListedCode] = []
        var cursor: String?
        repeat {
            let part = try await expect(
                200, "GET", "/v1/codes?\(query)limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""), as: .auditor
            )
            for item in part["items"]?.array ?? [] {
                found.append(
                    ListedCode(id: item["id"]?.string ?? "", state: item["state"]?.string ?? ""))
            }
            cursor = part["next_cursor"]?.string
        } while cursor != nil
        return found
    }
}
