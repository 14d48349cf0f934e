import AuditLog
import Foundation
import Testing

@Suite("Redemption")
struct RedemptionTests {
    @Test("200 concurrent redemptions of a code with ten uses give exactly ten", .timeLimit(.minutes(10)))
    func race() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["usage_limit": 10])
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<200 { group.addTask { try await server.activate(code.code) } }
                return try await group.reduce(into: [Answer]()) { $0.append($1) }
            }
            let granted = answers.filter { $0.status == 201 }
            let refused = answers.filter { $0.status == 403 && $0.code == "exhausted" }
            #expect(granted.count == 10)
            #expect(refused.count == 190)
            #expect(Set(granted.compactMap { $0["activation_id"]?.string }).count == 10)
            #expect(Set(granted.compactMap { $0["uses_left"]?.integer }) == Set(0..<10))
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            #expect(detail["used_count"]?.integer == 10 && detail["state"]?.string == "exhausted")
            let entries = try await server.entries(event: "code.activated")
            #expect(entries.filter { $0["outcome"]?.string == "success" }.count == 10)
            #expect(entries.filter { $0["reason"]?.string == "exhausted" }.count == 190)
        }
    }

    @Test("Concurrent metered uses never pass the limit", .timeLimit(.minutes(10)))
    func meteredRace() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["usage_limit": 21])
            #expect(try await server.activate(code.code).status == 201)
            let body: JSON = ["code": .string(code.code), "amount": 3]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask { try await server.request("POST", "/v1/usage", body: body).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 6)
            #expect(statuses.filter { $0 == 403 }.count == 24)
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            #expect(detail["used_count"]?.integer == 19)
        }
    }

    @Test(
        "A code is taken in every tolerated spelling, and one wrong symbol is told apart from an unknown code"
    )
    func spellings() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode().code
            for spelling in [
                code.lowercased(), code.replacingOccurrences(of: "-", with: " "),
                String(code.filter { $0 != "-" }),
            ] {
                #expect(try await server.activate(spelling).status == 201)
            }
            let symbols = Array(code)
            let last = symbols.count - 1
            let wrong = String(symbols[..<last]) + (symbols[last] == "7" ? "8" : "7")
            let answer = try await server.activate(wrong)
            #expect(answer.status == 400 && answer.code == "invalid_code")
        }
    }
}
