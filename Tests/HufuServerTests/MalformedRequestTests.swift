import AuditLog
import Foundation
import Testing

@Suite("Requests that are too large or malformed")
struct MalformedRequestTests {
    @Test("A body larger than 64 KiB is refused with 413, one of exactly that size is read")
    func largeBody() async throws {
        try await RunningServer.run { server in
            func send(_ size: Int) async throws -> Answer {
                let frame = "{\"code\":\"\"}".utf8.count
                let body = "{\"code\":\"" + String(repeating: "A", count: size - frame) + "\"}"
                return try await server.request("POST", "/v1/activations", raw: Array(body.utf8))
            }
            let whole = try await send(64 * 1024)
            #expect(whole.status == 400 && whole["field"]?.string == "code")
            let tooLarge = try await send(64 * 1024 + 1)
            #expect(tooLarge.status == 413 && tooLarge.code == "too_large")
            #expect(tooLarge.header("content-type") == "application/problem+json")
            let policy = try await server.request(
                "PUT", "/v1/policies/big", as: .admin, raw: [UInt8](repeating: 32, count: 200_000),
                headers: ["If-None-Match": "*"])
            #expect(policy.status == 413)
        }
    }

    @Test("Huge headers are refused, and the server goes on")
    func largeHeaders() async throws {
        try await RunningServer.run { server in
            let many = Dictionary(uniqueKeysWithValues: (0..<200).map { ("X-Filler-\($0)", "x") })
            for headers in [["X-Filler": String(repeating: "x", count: 20_000)], many] {
                // The connection may be closed before an answer can be read.
                if let answer = try? await server.request("GET", "/livez", headers: headers) {
                    #expect((400..<500).contains(answer.status))
                }
            }
            let target = "/v1/codes?policy=" + String(repeating: "x", count: 40_000)
            if let answer = try? await server.request("GET", target) {
                #expect((400..<500).contains(answer.status))
            }
            try await server.expect(200, "GET", "/livez")
        }
    }

    @Test("What is not JSON, repeats a name or is not an object is refused and named")
    func notJSON() async throws {
        try await RunningServer.run { server in
            let bodies: [String] = [
                "", "{", "nonsense", "[]", "\"code\"", "1", "null", "{\"code\":\"a\",\"code\":\"b\"}",
                "{\"code\":\"a\"} x", "{\"code\":NaN}", "{\"code\":'a'}", "{code:1}", "\u{FEFF}{}",
                String(repeating: "[", count: 5000), String(repeating: "{\"a\":", count: 2000),
            ]
            for body in bodies {
                let answer = try await server.request("POST", "/v1/activations", raw: Array(body.utf8))
                #expect(answer.status == 400 && answer.code == "invalid_request", "\(body.prefix(40))")
                #expect(["body", "code"].contains(answer["field"]?.string), "\(body.prefix(40))")
            }
            let broken: [UInt8] = Array("{\"code\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
            #expect(try await server.request("POST", "/v1/activations", raw: broken).status == 400)
            let xml = try await server.request(
                "POST", "/v1/activations", raw: Array("{\"code\":\"a\"}".utf8),
                headers: ["Content-Type": "text/xml"])
            #expect(xml.status == 415 && xml.code == "unsupported_media_type")
        }
    }

    @Test("A field that is missing, unknown, of another type or out of range is named")
    func fields() async throws {
        try await RunningServer.run { server in
            let institution = try await server.addInstitution()
            let policy = try await server.setPolicy()
            let id: JSON = .string(institution)
            let name: JSON = .string(policy)
            let bodies: [(String, JSON, String)] = [
                ("/v1/institutions", ["name": "x"], "kind"),
                ("/v1/institutions", ["kind": "hospital"], "name"),
                ("/v1/institutions", ["name": "x", "kind": "castle"], "kind"),
                ("/v1/institutions", ["name": 1, "kind": "hospital"], "name"),
                ("/v1/institutions", ["name": "", "kind": "hospital"], "name"),
                ("/v1/institutions", ["name": "x", "kind": "hospital", "region": "31"], "region"),
                ("/v1/institutions", ["name": "x", "kind": "hospital", "extra": 1], "extra"),
                ("/v1/applications", ["institution_id": "x", "policy": name], "institution_id"),
                ("/v1/applications", ["institution_id": id, "policy": "missing"], "policy"),
                ("/v1/applications", ["institution_id": id, "policy": name, "quantity": 0], "quantity"),
                (
                    "/v1/applications", ["institution_id": id, "policy": name, "quantity": 1_000_001],
                    "quantity"
                ),
                ("/v1/applications", ["institution_id": id, "policy": name, "quantity": 1.5], "quantity"),
                ("/v1/applications", ["institution_id": id, "policy": name, "terms": ["a": 1]], "terms.a"),
                (
                    "/v1/applications", ["institution_id": id, "policy": name, "contact": ["fax": "1"]],
                    "contact.fax"
                ),
                ("/v1/operators", ["name": "x", "password": "short", "roles": ["admin"]], "password"),
                ("/v1/operators", ["name": "x", "password": "long enough 12", "roles": []], "roles"),
                ("/v1/operators", ["name": "x", "password": "long enough 12", "roles": ["king"]], "roles.0"),
            ]
            for (path, body, field) in bodies {
                let answer = try await server.request("POST", path, as: .admin, body: body)
                #expect(answer.status == 400, "\(body)")
                #expect(answer["field"]?.string == field, "\(path) \(body.canonicalText): \(answer.text)")
                #expect(answer["allowed"]?.string?.isEmpty == false)
            }
            let policies: [(JSON, String)] = [
                (["duration": "soon"], "duration"), (["duration": "P1D", "approvals": 4], "approvals"),
                (["duration": "P1D", "ip_allow_list": ["10.0.0.1/8"]], "ip_allow_list"),
                (["duration": "P1D", "scopes": ["Not A Scope"]], "scopes.0"),
            ]
            for (body, field) in policies {
                let answer = try await server.request(
                    "PUT", "/v1/policies/broken", as: .admin, body: body, headers: ["If-None-Match": "*"])
                #expect(answer.status == 400 && answer["field"]?.string == field, "\(answer.text)")
            }
            let named = try await server.request(
                "PUT", "/v1/policies/NotAllowed", as: .admin, body: ["duration": "P1D"],
                headers: ["If-None-Match": "*"])
            #expect(named.status == 400 && named["field"]?.string == "name")
        }
    }
}
