import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("Idempotency-Key")
struct RepeatableTests {
    @Test("The same request again gets the same answer again, the code included, and nothing happens twice")
    func sameAnswer() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(policy: try await server.setPolicy())
            func issue() async throws -> Answer {
                try await server.request(
                    "POST", "/v1/applications/\(application)/issue", as: .issuer, body: [:],
                    headers: ["Idempotency-Key": "issue-1"])
            }
            let first = try await issue()
            let again = try await issue()
            #expect(first.status == 201 && again.status == 201)
            #expect(first.bytes == again.bytes)
            #expect(
                first.header("idempotency-replayed") == nil && again.header("idempotency-replayed") == "true")
            #expect(try await server.entries(event: "code.issued").count == 1)
            let code = try first.string("code")
            #expect(try await server.activate(code, headers: ["Idempotency-Key": "a"]).status == 201)
            let replay = try await server.activate(code, headers: ["Idempotency-Key": "a"])
            #expect(replay.status == 201 && replay["uses_left"]?.integer == 9)
            #expect(
                try await server.activate(code, headers: ["Idempotency-Key": "b"])["uses_left"]?.integer == 8)
        }
    }

    @Test("A refusal is kept as well, as a problem")
    func refusals() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["ip_allow_list": ["10.0.0.0/8"]])
            let headers = ["Idempotency-Key": "refused"]
            let first = try await server.activate(code.code, headers: headers)
            let again = try await server.activate(code.code, headers: headers)
            #expect(first.status == 403 && again.status == 403 && first.bytes == again.bytes)
            #expect(again.header("content-type") == "application/problem+json")
            #expect(try await server.entries(event: "code.activated").count == 1)
        }
    }

    @Test("The same key on another request is refused with 422, whether body or path differs")
    func anotherRequest() async throws {
        try await RunningServer.run { server in
            let codes = [try await server.issueCode(), try await server.issueCode()]
            let headers = ["Idempotency-Key": "one"]
            #expect(try await server.activate(codes[0].code, headers: headers).status == 201)
            let other = try await server.activate(codes[1].code, headers: headers)
            #expect(other.status == 422 && other.code == "idempotency_key_reused")
            let path = try await server.request(
                "POST", "/v1/usage", body: ["code": .string(codes[0].code), "amount": 1], headers: headers)
            #expect(path.status == 422)
            #expect(try await server.state(of: codes[1]) == "pending")
        }
    }

    @Test("A key belongs to its caller: two operators may choose the same one")
    func scopes() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.approver, .secondApprover)
            let id = try await server.apply(policy: try await server.setPolicy(["approvals": 2]))
            for staff in [Staff.approver, .secondApprover] {
                try await server.expect(
                    200, "POST", "/v1/applications/\(id)/approve", as: staff, body: [:],
                    headers: ["Idempotency-Key": "mine"])
            }
            let approved = try await server.expect(200, "GET", "/v1/applications/\(id)", as: .auditor)
            #expect(approved["approvals"]?.array?.count == 2, "one was taken for a repeat of the other")
        }
    }

    @Test("Twenty of the same request at once are carried out once", .timeLimit(.minutes(10)))
    func concurrentDuplicates() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode().code
            let answers = try await concurrently(20) { _ in
                try await server.activate(code, headers: ["Idempotency-Key": "race"])
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.filter { $0.header("idempotency-replayed") == nil }.count == 1)
            #expect(try await server.entries(event: "code.activated").count == 1)
        }
    }

    @Test("After 24 hours a key is forgotten, with and without a sweep in between", arguments: [true, false])
    func forgotten(swept: Bool) async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["activate_within": "P30D"]).code
            let headers = ["Idempotency-Key": "daily"]
            #expect(try await server.activate(code, headers: headers).status == 201)
            server.clock.advance(seconds: TestClock.day - 60)
            #expect(
                try await server.activate(code, headers: headers).header("idempotency-replayed") == "true")
            server.clock.advance(seconds: 61)
            if swept { _ = try await server.sweep() }
            let next = try await server.activate(code, headers: headers)
            #expect(next.status == 201 && next.header("idempotency-replayed") == nil, "\(next.text)")
            #expect(next["uses_left"]?.integer == 8)
        }
    }

    @Test("A key that is too long is refused and named")
    func form() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode().code
            let key = String(repeating: "k", count: 129)
            let answer = try await server.activate(code, headers: ["Idempotency-Key": key])
            #expect(answer.status == 400 && answer["field"]?.string == "Idempotency-Key")
        }
    }

    @Test("Broken input is not kept: the corrected request may use the same key")
    func brokenInputIsNotKept() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode().code
            let headers = ["Idempotency-Key": "typo"]
            #expect(try await server.activate("nonsense", headers: headers).status == 400)
            #expect(try await server.activate(code, headers: headers).status == 201)
        }
    }
}
