import Foundation
import Glibc

/// Requests at a steady rate, whatever the answers take: what waits counts as latency. Each is sent once.
struct PacedLoad: Sendable {
    let port: Int
    let connections: Int
    /// A second.
    let rate: Double
    let requests: [String]

    /// From when a request was due until its answer was whole, in milliseconds.
    func run() async throws -> [Double] {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try drive() }) }.start()
        }
    }

    private func drive() throws -> [Double] {
        var open: [LoadConnection] = []
        defer { for connection in open { connection.end() } }
        for _ in 0..<connections { open.append(try LoadConnection(port: port, request: "")) }
        var waiting = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var idle = Array(open.indices)
        var due = [Double](repeating: 0, count: connections)
        var latencies: [Double] = []
        let clock = ContinuousClock()
        let start = clock.now
        func now() -> Double { start.duration(to: clock.now).milliseconds }
        var sent = 0
        while latencies.count < requests.count {
            while sent < requests.count, Double(sent) / rate * 1000 <= now(), let number = idle.popLast() {
                due[number] = Double(sent) / rate * 1000
                open[number].request = Array(requests[sent].utf8)
                try open[number].send()
                sent += 1
            }
            // Nothing can be sent, whatever is due, while all connections wait for their answers.
            let isSpinning = sent < requests.count && !idle.isEmpty
            guard poll(&waiting, nfds_t(waiting.count), isSpinning ? 0 : 100) >= 0 || errno == EINTR
            else { throw HTTPLoad.failure("poll") }
            for number in waiting.indices where waiting[number].revents != 0 {
                guard let isOK = try open[number].receive() else { continue }
                guard isOK else { throw CommandFailure(.refused, "an answer was not 200") }
                latencies.append(now() - due[number])
                idle.append(number)
            }
        }
        return latencies
    }
}
