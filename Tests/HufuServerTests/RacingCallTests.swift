import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

@Suite("Racing calls", .timeLimit(.minutes(10)))
struct RacingCallTests {
    @Test("Of 10,000 racing calls with 100 nonces, each used 100 times, exactly 100 are admitted")
    func races() async throws {
        try await RunningServer.run(checksLog: false) {
            $0.upstream = .echo
            $0.attemptsPerSource = 1_000_000
        } scenario: { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            let now = server.clock.nanoseconds() / 1_000_000
            let calls = try (0..<100).map { _ in
                Self.text(try device.signed(device.message(), at: now))
            }
            // Every connection sends every nonce five times, all in the same order: each nonce is raced for.
            let all = calls.map { String(repeating: $0, count: 5) }.joined()
            let answers = try await concurrently(20) { _ in
                Self.statuses(try await RawExchange.run(port: server.port, [all]))
            }
            #expect(answers.allSatisfy { $0.count == 500 })
            for nonce in 0..<100 {
                let statuses = answers.flatMap { $0.dropFirst(nonce * 5).prefix(5) }
                #expect(statuses.count { $0 == "200" } == 1, "nonce \(nonce)")
                #expect(statuses.count { $0 == "401" } == 99, "nonce \(nonce)")
            }
            let lines = try await server.expect(200, "GET", "/metrics").text.components(separatedBy: "\n")
            let decisions = "hufu_decisions_total{event=\"call.admitted\",outcome="
            #expect(lines.contains("\(decisions)\"success\"} 100"))
            #expect(lines.contains("\(decisions)\"nonce_replayed\"} 9900"))
            #expect(lines.contains("hufu_gateway_nonces 100.0"))
        }
    }

    private static func text(_ message: HTTPMessage) -> String {
        let fields = message.head.headerFields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined()
        return "GET \(message.head.path ?? "/") HTTP/1.1\r\nHost: 127.0.0.1\r\n\(fields)\r\n"
    }

    private static func statuses(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }
}
