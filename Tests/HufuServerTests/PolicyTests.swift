import AuditLog
import Foundation
import Testing

@Suite("Policies and their entity tags")
struct PolicyTests {
    private static let document: JSON = ["duration": "P30D", "approvals": 0, "usage_limit": 3]

    private func put(
        _ server: RunningServer, _ document: JSON = document, headers: [String: String]
    ) async throws -> Answer {
        try await server.request("PUT", "/v1/policies/tagged", as: .admin, body: document, headers: headers)
    }

    @Test("A change must say what it changes, and is refused when it was changed meanwhile")
    func preconditions() async throws {
        try await RunningServer.run { server in
            #expect(try await put(server, headers: [:]).status == 428)
            #expect(try await put(server, headers: ["If-Match": "\"none\""]).status == 412)
            let created = try await put(server, headers: ["If-None-Match": "*"])
            #expect(created.status == 201 && created["version"]?.integer == 1)
            let tag = try #require(created.header("etag"))
            let twice = try await put(server, headers: ["If-None-Match": "*"])
            #expect(twice.status == 412 && twice.code == "precondition_failed")
            var changed = Self.document
            changed["usage_limit"] = 4
            let second = try await put(server, changed, headers: ["If-Match": tag])
            #expect(second.status == 200 && second["version"]?.integer == 2)
            let newTag = try #require(second.header("etag"))
            #expect(newTag != tag)
            #expect(try await put(server, headers: ["If-Match": tag]).status == 412)
            let old = try await server.expect(200, "GET", "/v1/policies/tagged/versions/1", as: .auditor)
            #expect(old["usage_limit"]?.integer == 3 && old.header("etag") == tag)
            #expect(try await server.entries(event: "policy.set").count == 2)
        }
    }

    @Test("Whoever has the newest version is told that nothing changed")
    func notModified() async throws {
        try await RunningServer.run { server in
            let tag = try #require(try await put(server, headers: ["If-None-Match": "*"]).header("etag"))
            let same = try await server.request(
                "GET", "/v1/policies/tagged", as: .auditor, headers: ["If-None-Match": tag])
            #expect(same.status == 304 && same.bytes.isEmpty && same.header("etag") == tag)
            let other = try await server.request(
                "GET", "/v1/policies/tagged", as: .auditor, headers: ["If-None-Match": "\"other\""])
            #expect(other.status == 200 && other.header("etag") == tag)
        }
    }

    @Test("A repeated creation answers as the first one did")
    func repeatedCreation() async throws {
        try await RunningServer.run { server in
            let headers = ["If-None-Match": "*", "Idempotency-Key": "create"]
            let first = try await put(server, headers: headers)
            let again = try await put(server, headers: headers)
            #expect(first.status == 201 && again.status == 201 && first.bytes == again.bytes)
        }
    }

    @Test("Of many who change the same version one wins", .timeLimit(.minutes(10)))
    func race() async throws {
        try await RunningServer.run { server in
            let tag = try #require(try await put(server, headers: ["If-None-Match": "*"]).header("etag"))
            let statuses = try await concurrently(10) { number in
                var document = Self.document
                document["usage_limit"] = .integer(Int64(10 + number))
                return try await put(server, document, headers: ["If-Match": tag]).status
            }
            #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 412 }.count == 9)
        }
    }

    @Test("Codes keep the version that they were issued under")
    func codesKeepTheirVersion() async throws {
        try await RunningServer.run { server in
            let tag = try #require(try await put(server, headers: ["If-None-Match": "*"]).header("etag"))
            let before = try await server.apply(policy: "tagged")
            var wider = Self.document
            wider["usage_limit"] = 50
            #expect(try await put(server, wider, headers: ["If-Match": tag]).status == 200)
            let code = try await server.issue(before)
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            #expect(detail["policy_version"]?.integer == 1 && detail["usage_limit"]?.integer == 3)
            let after = try await server.issue(try await server.apply(policy: "tagged"))
            let next = try await server.expect(200, "GET", "/v1/codes/\(after.id)", as: .auditor)
            #expect(next["policy_version"]?.integer == 2 && next["usage_limit"]?.integer == 50)
        }
    }

    @Test("Lists go on behind their cursor, and codes are found by what they are", .timeLimit(.minutes(10)))
    func listsAndCursors() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy()
            let codes = try await allCodes(server, policy, count: 7)
            var seen: [String] = []
            var target = "/v1/codes?limit=3&policy=\(policy)"
            while true {
                let part = try await server.expect(200, "GET", target, as: .auditor)
                seen += part["items"]?.array?.compactMap { $0["id"]?.string } ?? []
                guard let cursor = part["next_cursor"]?.string else { break }
                if seen.count == 3 { _ = try await server.issueCode() }
                target = "/v1/codes?limit=3&policy=\(policy)&cursor=\(cursor)"
            }
            #expect(seen == codes.map(\.id))
            #expect(codes.map(\.index) == Array(0..<7))
            _ = try await server.activate(codes[2].code)
            let active = try await server.expect(200, "GET", "/v1/codes?state=active", as: .auditor)
            #expect(active["items"]?.array?.compactMap { $0["id"]?.string } == [codes[2].id])
            for (query, field) in [
                ("limit=0", "limit"), ("limit=501", "limit"), ("cursor=x", "cursor"), ("state=gone", "state"),
                ("batch_id=1", "batch_id"),
            ] {
                let answer = try await server.request("GET", "/v1/codes?\(query)", as: .auditor)
                #expect(answer.status == 400 && answer["field"]?.string == field, "\(query)")
            }
        }
    }

    private func allCodes(_ server: RunningServer, _ policy: String, count: Int) async throws
        -> [IssuedForTest]
    {
        var codes: [IssuedForTest] = []
        for _ in 0..<count { codes.append(try await server.issue(try await server.apply(policy: policy))) }
        return codes
    }
}
