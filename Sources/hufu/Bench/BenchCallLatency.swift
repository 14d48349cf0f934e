import AsyncHTTPClient
import Foundation
import NIOCore
import RequestSigning

/// How long the 99th of a hundred signed calls takes at a steady rate, in milliseconds.
struct BenchCallLatency: Sendable {
    let port: Int
    let signer: RequestSigner
    /// Keys that nobody has used yet.
    let strangers: [RequestSigner]

    /// A second, where some keys are new.
    private static let coldRate = 1000.0
    private static let connections = 64

    func figures(rate: Double) async throws -> [BenchFigure] {
        let before = StepHistogram(step: "checks", metrics: try await metrics())
        var whole: [Double] = []
        var pingPong: [Double] = []
        for _ in 0..<3 {
            let calls = Array(try BenchAdmission.signedCalls(signer, Int(rate * 2)))
            whole.append(try await latency(port, rate, calls))
            pingPong.append(try await pingPongLatency(rate, calls))
        }
        let checks = StepHistogram(step: "checks", metrics: try await metrics()).since(before)
        return [
            BenchFigure(
                name: "gateway.admit.p99", value: whole.quantile(0.5), unit: "ms",
                yardstick: "ms (p99) of a TCP ping-pong at the same rate, \(Int(rate))/s",
                yardstickValue: pingPong.quantile(0.5)),
            BenchFigure(
                name: "gateway.checks.p99", value: checks.quantile(0.99), unit: "ms",
                yardstick: "ms (p99) of the same calls with their durable entry and the way there and back",
                yardstickValue: whole.quantile(0.5)),
            try await cold(),
        ]
    }

    /// Where each hundredth call comes with a key that is in no cache.
    private func cold() async throws -> BenchFigure {
        var calls = Array(try BenchAdmission.signedCalls(signer, strangers.count * 100))
        for (number, stranger) in strangers.enumerated() {
            calls[number * 100 + 50] = try BenchAdmission.signedCalls(stranger, 1)[0]
        }
        return BenchFigure(
            name: "gateway.cold.p99", value: try await latency(port, Self.coldRate, calls), unit: "ms",
            yardstick: "ms (p99) of a TCP ping-pong at the same rate, \(Int(Self.coldRate))/s",
            yardstickValue: try await pingPongLatency(Self.coldRate, calls))
    }

    private func pingPongLatency(_ rate: Double, _ calls: [String]) async throws -> Double {
        let responder = try PlainResponder()
        defer { responder.end() }
        return try await latency(responder.port, rate, calls)
    }

    private func latency(_ port: Int, _ rate: Double, _ calls: [String]) async throws -> Double {
        try await PacedLoad(port: port, connections: Self.connections, rate: rate, requests: calls).run()
            .quantile(0.99)
    }

    private func metrics() async throws -> String {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://localhost:\(port)/metrics"), timeout: .seconds(10))
        return String(buffer: try await answer.body.collect(upTo: 1 << 20))
    }
}
