import AuditLog
import Foundation
import Testing

@Suite("Personal data in the log")
struct PersonalDataTests {
    private static let contact: JSON = [
        "name": "Zhang San", "phone": "13812341234", "email": "zhangsan@hospital.example",
    ]

    private func apply(_ server: RunningServer) async throws -> String {
        try await server.apply(policy: try await server.setPolicy(), ["contact": Self.contact])
    }

    @Test("Entries hold commitments where personal values would stand")
    func commitments() async throws {
        try await RunningServer.run { server in
            let id = try await apply(server)
            _ = try await server.activate("nonsense")
            let code = try await server.issueCode()
            _ = try await server.activate(code.code, headers: ["User-Agent": "Agent of Zhang San"])
            try await server.caughtUp()
            let entry = try #require(
                try await server.entries(event: "application.submitted").first {
                    $0["application_id"]?.string == id
                })
            let names = Set(entry["commitments"]?.object?.keys.map(\.self) ?? [])
            #expect(
                names.isSuperset(of: ["contact.name", "contact.phone", "contact.email", "origin.address"]))
            let activated = try #require(try await server.entries(event: "code.activated").first)
            #expect(activated["commitments"]?["origin.user_agent"] != nil)
            let bundle = try Data(
                contentsOf: URL(filePath: server.directory + "/log/tile/entries/000.p/\(server.logSize)"))
            for value in ["Zhang San", "13812341234", "zhangsan", "127.0.0.1", "Agent of"] {
                #expect(bundle.range(of: Data(value.utf8)) == nil, "\(value)")
            }
        }
    }

    @Test("The same value is committed to differently each time")
    func salted() async throws {
        try await RunningServer.run { server in
            _ = try await apply(server)
            _ = try await apply(server)
            let values = try await server.entries(event: "application.submitted").compactMap {
                $0["commitments"]?["contact.phone"]?.string
            }
            #expect(values.count == 2 && Set(values).count == 2)
        }
    }

    @Test("An auditor sees masked values, and his reading is logged")
    func masked() async throws {
        try await RunningServer.run { server in
            let id = try await apply(server)
            let before = try await server.entries(event: "audit.read").count
            let list = try await server.expect(
                200, "GET", "/v1/audit/entries?event=application.submitted&application_id=\(id)",
                as: .auditor,
                headers: ["X-Request-Id": "reading-0001"])
            let item = try #require(list["items"]?.array?.first)
            #expect(item["personal"]?["contact.phone"]?.string == "138****1234")
            #expect(item["personal"]?["contact.email"]?.string == "z***@hospital.example")
            #expect(!list.text.contains("13812341234") && !list.text.contains("zhangsan"))
            let readings = try await server.entries(event: "audit.read")
            #expect(readings.count == before + 1)
            let reading = try #require(readings.last)
            #expect(reading["request_id"]?.string == "reading-0001")
            #expect(reading["actor"]?["id"]?.string == (try await server.id(of: .auditor)))
            #expect(reading["data"]?["count"]?.integer == 1)
            #expect(reading["data"]?["first"] == item["index"] && reading["data"]?["last"] == item["index"])
            let index = try #require(item["index"]?.integer)
            let one = try await server.expect(200, "GET", "/v1/audit/entries/\(index)", as: .auditor)
            #expect(one["personal"]?["contact.phone"]?.string == "138****1234")
            #expect(try await server.entries(event: "audit.read").count == before + 2)
            let shown = try await server.expect(200, "GET", "/v1/applications/\(id)", as: .auditor)
            #expect(shown["contact"]?["phone"]?.string == "138****1234")
        }
    }

    @Test("What callers name stands in the log only when it tells of nobody")
    func namesOfCallers() async throws {
        try await RunningServer.run { server in
            for (name, fields) in [
                ("tel-13812345678", [:]), ("p110101199003077758", [:]),
                ("p1", ["reference": "138-1234-5678"]),
                ("p2", ["scopes": ["claim.read", "tel:13812345678"]]), ("p3", ["roles": ["li.13812345678"]]),
            ] as [(String, JSON)] {
                var body: [String: JSON] = ["duration": "P1D"]
                body.merge(fields.object ?? [:]) { $1 }
                let answer = try await server.request(
                    "PUT", "/v1/policies/\(name)", as: .admin, body: .object(body),
                    headers: ["If-None-Match": "*"])
                #expect(answer.status == 400 && answer.code == "invalid_request", "\(name): \(answer.text)")
            }
            let code = try await server.issueCode(policy: ["scopes": ["token:read", "claim.read"]])
            _ = try await server.activate(code.code)
            _ = try await server.validate(
                code.code, scopes: ["token:read", "claim.write", "tel:13812345678"],
                headers: ["X-Request-Id": "scopes-0001"])
            let entry = try #require(try await server.entry(ofRequest: "scopes-0001"))
            #expect(entry["data"]?["scopes"]?.array?.compactMap(\.string) == ["token:read", "claim.write"])
        }
    }

    @Test("Destroyed values are gone for good, and the log still verifies")
    func destroyed() async throws {
        try await RunningServer.run { server in
            let id = try await apply(server)
            try await server.caughtUp()
            try await server.run("UPDATE entries SET payload = NULL, payload_key = NULL")
            let list = try await server.expect(
                200, "GET", "/v1/audit/entries?event=application.submitted&application_id=\(id)", as: .auditor
            )
            let item = try #require(list["items"]?.array?.first)
            #expect(item["personal"] == nil)
            #expect(item["entry"]?["commitments"]?["contact.phone"] != nil)
        }
    }

    @Test("A search finds entries by event, outcome, subject, application and time, in both orders")
    func search() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            _ = try await server.activate(code.code)
            try await server.expect(200, "POST", "/v1/codes/\(code.id)/suspension", as: .issuer, body: [:])
            _ = try await server.activate(code.code)
            func search(_ query: String) async throws -> [JSON] {
                let answer = try await server.expect(
                    200, "GET", "/v1/audit/entries?limit=100&\(query)", as: .auditor)
                return answer["items"]?.array?.compactMap { $0["entry"] } ?? []
            }
            let subject = try await search("subject_id=\(code.id)&order=oldest")
            #expect(
                subject.compactMap { $0["event"]?.string }
                    == ["code.issued", "code.activated", "code.suspended", "code.activated"])
            #expect(try await search("subject_id=\(code.id)") == subject.reversed())
            #expect(try await search("subject_id=\(code.id)&outcome=refused").count == 1)
            #expect(try await search("event=code.suspended").count == 1)
            #expect(try await search("application_id=\(code.applicationID)").count == 5)
            #expect(try await search("since=2100-01-01T00:00:00Z").isEmpty)
            #expect(try await search("event=code.issued&until=2100-01-01T00:00:00Z").count == 1)
            let timeline = try await server.expect(200, "GET", "/v1/codes/\(code.id)/timeline", as: .issuer)
            #expect(timeline["items"]?.array?.compactMap { $0["entry"] } == subject)
            for query in ["outcome=maybe", "application_id=1", "since=yesterday", "cursor=-1"] {
                let answer = try await server.request("GET", "/v1/audit/entries?\(query)", as: .auditor)
                #expect(answer.status == 400, "\(query)")
            }
        }
    }
}
