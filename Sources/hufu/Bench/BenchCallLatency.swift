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
        ] + (try await cold())
    }

    /// Where each hundredth call comes with a key that is in no cache.
    private func cold() async throws -> [BenchFigure] {
        var (all, own, pingPong): ([Double], [Double], [Double]) = ([], [], [])
        let turns = 3
        for turn in 0..<turns {
            let strangers = strangers.enumerated().filter { $0.offset % turns == turn }.map(\.element)
            var calls = Array(try BenchAdmission.signedCalls(signer, strangers.count * 100))
            let cold = strangers.indices.map { $0 * 100 + 50 }
            for (place, stranger) in zip(cold, strangers) {
                calls[place] = try BenchAdmission.signedCalls(stranger, 1)[0]
            }
            let latencies = try await latencies(port, Self.coldRate, calls)
            all.append(latencies.quantile(0.99))
            own += cold.map { latencies[$0] }
            pingPong.append(try await pingPongLatency(Self.coldRate, calls))
        }
        func figure(_ name: String, _ value: Double) -> BenchFigure {
            BenchFigure(
                name: name, value: value, unit: "ms",
                yardstick: "ms (p99) of a TCP ping-pong at the same rate, \(Int(Self.coldRate))/s",
                yardstickValue: pingPong.quantile(0.5))
        }
        return [figure("gateway.cold.p99", all.quantile(0.5)), figure("gateway.cold.own", own.quantile(0.5))]
    }

    private func pingPongLatency(_ rate: Double, _ calls: [String]) async throws -> Double {
        let responder = try PlainResponder()
        defer { responder.end() }
        return try await latency(responder.port, rate, calls)
    }

    private func latency(_ port: Int, _ rate: Double, _ calls: [String]) async throws -> Double {
        try await latencies(port, rate, calls).quantile(0.99)
    }

    private func latencies(_ port: Int, _ rate: Double, _ calls: [String]) async throws -> [Double] {
        try await PacedLoad(port: port, connections: Self.connections, rate: rate, requests: calls).run()
    }

    private func metrics() async throws -> String {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://localhost:\(port)/metrics"), timeout: .seconds(10))
        return String(buffer: try await answer.body.collect(upTo: 1 << 20))
    }
}
