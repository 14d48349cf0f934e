import Foundation
import HufuServer
import RequestSigning
import Testing

@Suite("The gateway's metrics")
struct GatewayMetricsTests {
    @Test("Every step of a call is timed and told")
    func steps() async throws {
        try await RunningServer.run {
            $0.upstream = .echo
        } scenario: { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            let steps = ["parse", "key", "canonical", "verify", "decide", "checks", "commit"]
            // The first call has its key from the store, the second from memory.
            for number in 1...2 {
                #expect(try await server.call(device).status == 200)
                let lines = try await Self.metrics(server)
                for step in steps {
                    let name = "hufu_gateway_step_seconds"
                    #expect(lines.contains("\(name)_count{step=\"\(step)\"} \(number)"), "\(step)")
                    #expect(lines.contains("\(name)_bucket{step=\"\(step)\",le=\"+Inf\"} \(number)"))
                    #expect(lines.contains { $0.hasPrefix("\(name)_sum{step=\"\(step)\"} ") })
                }
                #expect(lines.contains("hufu_gateway_keys 1.0"))
                #expect(lines.contains("hufu_gateway_nonces \(number).0"))
            }
            // A replay ends before the decision, a key that nobody has before the canonical form.
            let message = try device.signed(
                device.message(), at: server.clock.nanoseconds() / 1_000_000, nonce: Nonce.fresh())
            for status in [200, 401] { #expect(try await server.send(message).status == status) }
            let stranger = try await server.request(
                "GET", "/v3/x",
                headers: [
                    "X-Api-Version": "v3.2.0", "X-Key-Id": "NOBODYSKEY000001", "X-Nonce": Nonce.fresh(),
                    "X-Timestamp": "\(server.clock.nanoseconds() / 1_000_000_000)", "X-Signature": "AAAA",
                ])
            #expect(stranger.code == "unknown_key", "\(stranger.text)")
            let lines = try await Self.metrics(server)
            for (step, count) in zip(steps, [5, 5, 4, 4, 3, 3, 3]) {
                #expect(
                    lines.contains("hufu_gateway_step_seconds_count{step=\"\(step)\"} \(count)"), "\(step)")
            }
        }
    }

    private static func metrics(_ server: RunningServer) async throws -> [String] {
        try await server.expect(200, "GET", "/metrics").text.components(separatedBy: "\n")
    }
}
