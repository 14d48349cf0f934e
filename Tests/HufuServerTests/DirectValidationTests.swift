import AuditLog
import Foundation
import Testing

/// Validations are answered in front of the router: HTTP's order and ends must hold there as well.
@Suite("Validations on a raw connection")
struct DirectValidationTests {
    private static func validation(_ code: String, id: String, _ headers: String = "") -> String {
        let body = "{\"code\":\"\(code)\"}"
        return "POST /v1/validations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "X-Request-Id: \(id)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }

    private static func live(id: String) -> String {
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: \(id)\r\n\r\n"
    }

    /// Status and request id of each answer, in the order of the wire.
    private static func answers(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { answer in
            let lines = answer.components(separatedBy: "\r\n")
            let id = lines.first { $0.lowercased().hasPrefix("x-request-id: ") }?.dropFirst(14) ?? "-"
            return "\(lines[0].prefix(3)) \(id)"
        }
    }

    private static func activeCode(_ server: RunningServer) async throws -> String {
        let code = try await server.issueCode(policy: ["usage_limit": 10]).code
        #expect(try await server.activate(code).status == 201)
        return code
    }

    @Test("Pipelined requests of all kinds are answered in their order")
    func pipelined() async throws {
        try await RunningServer.run { server in
            let code = try await Self.activeCode(server)
            let chunked =
                "POST /v1/validations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "X-Request-Id: request-4\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\n{\"cod\r\n\(String(4 + code.utf8.count + 1, radix: 16))\r\ne\":\"\(code)\"\r\n1\r\n}\r\n0\r\n\r\n"
            let requests = [
                Self.validation(code, id: "request-0"), Self.live(id: "request-1"),
                Self.validation(code, id: "request-2"), Self.validation("nonsense", id: "request-3"),
                chunked, Self.validation(code, id: "request-5"), Self.live(id: "request-6"),
                Self.validation(code, id: "request-7"), Self.validation(code, id: "request-8"),
            ]
            let text = try await RawExchange.run(port: server.port, [requests.joined()])
            #expect(
                Self.answers(text) == [
                    "200 request-0", "200 request-1", "200 request-2", "400 request-3", "200 request-4",
                    "200 request-5", "200 request-6", "200 request-7", "200 request-8",
                ])
            for id in [0, 2, 4, 5, 7, 8] {
                #expect(try await server.entry(ofRequest: "request-\(id)")?["outcome"]?.string == "success")
            }
        }
    }

    @Test("A request may come in any parts", arguments: [1, 40, 120, 160])
    func inParts(cut: Int) async throws {
        try await RunningServer.run { server in
            let text = Self.validation(try await Self.activeCode(server), id: "in-parts-1")
            let parts = [
                String(text.prefix(cut)), String(text.dropFirst(cut).dropLast(3)), String(text.suffix(3)),
            ]
            let answer = try await RawExchange.run(port: server.port, parts)
            #expect(Self.answers(answer) == ["200 in-parts-1"])
        }
    }

    @Test("What is broken behind a validation is refused after it")
    func broken() async throws {
        try await RunningServer.run { server in
            let text = Self.validation(try await Self.activeCode(server), id: "whole-one-1")
            let answer = try await RawExchange.run(port: server.port, [text + "NONSENSE\r\n\r\n"])
            #expect(Self.answers(answer) == ["200 whole-one-1", "400 -"])
            let cut = try await RawExchange.run(
                port: server.port, [text, String(text.prefix(text.count - 4))])
            #expect(Self.answers(cut).first == "200 whole-one-1")
            try await server.expect(200, "GET", "/livez")
        }
    }

    @Test("A connection that asks to be closed is closed, and 100-continue is the router's")
    func closing() async throws {
        try await RunningServer.run { server in
            let code = try await Self.activeCode(server)
            let closing = try await RawExchange.run(
                port: server.port, [Self.validation(code, id: "close-me-1", "Connection: close\r\n")],
                closesHalf: false)
            #expect(Self.answers(closing) == ["200 close-me-1"])
            let expecting = try await RawExchange.run(
                port: server.port, [Self.validation(code, id: "expect-1", "Expect: 100-continue\r\n")])
            #expect(Self.answers(expecting).last == "200 expect-1")
        }
    }

    @Test("A caller who goes away is decided about all the same, and the server goes on")
    func abandoned() async throws {
        try await RunningServer.run { server in
            let code = try await Self.activeCode(server)
            for number in 0..<20 {
                try RawExchange.abandon(
                    port: server.port, Self.validation(code, id: "abandoned-\(number)"))
            }
            let answer = try await RawExchange.run(
                port: server.port, [Self.validation(code, id: "stays-here")])
            #expect(Self.answers(answer) == ["200 stays-here"])
        }
    }

    @Test(
        "What is not HTTP/1.1 in its plainest form is judged by the complete parser",
        arguments: [
            ("Host: localhost\r\nHost: other\r\nContent-Length: 2", nil),
            ("Host: localhost\r\nContent-Length: 2\r\nContent-Length: 3", "400"),
            ("Host: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked", "400"),
            ("Host: localhost\r\nContent-Length: +2", "400"),
            ("Host: localhost\r\nContent-Length: 2\r\nX-Folded: one\r\n two", nil),
            ("Host: localhost\r\nContent-Length: 2\r\nX-Control: a\u{1}b", "400"),
            ("Host: localhost\r\nContent-Length: 2\r\nX Space: a", "400"),
            ("Host: localhost\nContent-Length: 2", nil),
            ("Content-Length: 2", nil),
        ] as [(String, String?)])
    func unusual(headers: String, status: String?) async throws {
        try await RunningServer.run { server in
            let request = "POST /v1/validations HTTP/1.1\r\n\(headers)\r\n\r\n{}"
            let answer = try await RawExchange.run(port: server.port, [request])
            let first = Self.answers(answer).first?.prefix(1)
            #expect(first == nil || first == "4", "\(answer)")
            if let status { #expect(Self.answers(answer).first?.hasPrefix(status) == true, "\(answer)") }
            try await server.expect(200, "GET", "/livez")
        }
    }

    @Test("Both ways to a validation answer alike, headers and all")
    func alike() async throws {
        try await RunningServer.run { server in
            let code = try await Self.activeCode(server)
            let unknown = "0000-0000-0000-0000-0000-0000-0000"
            for asked in [code, unknown] {
                // `TE` is more than the direct way takes.
                let router = try await RawExchange.run(
                    port: server.port,
                    [Self.validation(asked, id: "same-id-01", "TE: trailers\r\n")])
                let direct = try await RawExchange.run(
                    port: server.port, [Self.validation(asked, id: "same-id-01")])
                #expect(Self.shape(router) == Self.shape(direct))
                #expect(Self.shape(direct).count > 6)
            }
        }
    }

    /// The status line, the names of the headers, and the body without what differs each time.
    private static func shape(_ text: String) -> Set<String> {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let names = lines.dropFirst().compactMap { $0.split(separator: ":").first?.lowercased() }
        let body = (try? JSON(parsing: Array((parts.last ?? "").utf8)))?.object ?? [:]
        let members = body.filter { $0.key != "checked_at" && $0.key != "log_index" }
            .map { "\($0.key)=\($0.value.canonicalText)" }
        return Set([lines[0]] + names + members)
    }
}
