import AuditLog
import Foundation
import Testing

@Suite("Refusals, requests and traces in the log")
struct TraceTests {
    @Test("The caller's request id and trace stand in the entry, and the id in the answer")
    func requestAndTrace() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let answer = try await server.activate(
                code.code,
                headers: [
                    "X-Request-Id": "my-request-0001", "traceparent": "00-\(trace)-00f067aa0ba902b7-01",
                ])
            #expect(answer.header("x-request-id") == "my-request-0001")
            let entry = try #require(try await server.entry(ofRequest: "my-request-0001"))
            #expect(entry["trace_id"]?.string == trace)
            #expect(entry["event"]?.string == "code.activated")
            #expect(entry["serial_number"]?.string == code.id)
            #expect(entry["application_id"]?.string == code.applicationID)
            let problem = try await server.validate("nonsense", headers: ["X-Request-Id": "my-request-0002"])
            #expect(problem["request_id"]?.string == "my-request-0002")
        }
    }

    @Test("An id or a trace of no allowed form is replaced by one of ours")
    func replaced() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode().code
            for id in [
                "short", "li@hospital.example", "with spaces in it", String(repeating: "x", count: 65),
                "ünïcode-id", "13812345678", "138-1234-5678", "patient13812345678", "li-8613812345678-li",
                "110101199003077758", "11010119900307775X", "patient11010119900307775X", code,
                code.replacing("-", with: "").lowercased(), "by-" + code, "lost-" + String(code.dropLast(10)),
            ] {
                let answer = try await server.activate(code, headers: ["X-Request-Id": id])
                let own = try #require(answer.header("x-request-id"))
                #expect(own != id && UUID(uuidString: own) != nil, "\(id)")
                #expect(try await server.entry(ofRequest: own) != nil)
            }
            for id in [
                "order-20261121-000000017", "0192F1C2-7D40-7B1A-9C3E-138123456780", "req17321861401234",
            ] {
                let answer = try await server.activate(code, headers: ["X-Request-Id": id])
                #expect(answer.header("x-request-id") == id)
            }
            let traces = [
                "nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-4bf92f35-00f067aa0ba902b7-01",
            ]
            for (number, trace) in traces.enumerated() {
                let id = "trace-number-\(number)"
                _ = try await server.activate(code, headers: ["X-Request-Id": id, "traceparent": trace])
                let own = try #require(try await server.entry(ofRequest: id)?["trace_id"]?.string)
                #expect(own.count == 32 && !trace.contains(own), "\(trace)")
            }
        }
    }

    @Test("Every refusal has its entry, with the reason that was answered")
    func refusals() async throws {
        try await RunningServer.run { server in
            let scenes = RefusalScenes(server: server)
            try await scenes.codes()
            try await scenes.devices()
            try await scenes.staff()
            #expect(scenes.count > 20)
            for (id, answer) in scenes.refused {
                let entry = try await server.entry(ofRequest: id)
                #expect(entry?["outcome"]?.string == "refused", "\(id) has no entry")
                #expect(entry?["severity"]?.integer == 4, "\(id)")
                guard answer.status != 401, answer.code != "forbidden" else { continue }
                #expect(entry?["reason"]?.string == answer.code, "\(id)")
                if answer.checks.count > 1 {
                    #expect(
                        entry?["data"]?["failed_checks"]?.array?.compactMap(\.string) == answer.checks,
                        "\(id)")
                }
            }
        }
    }
}
