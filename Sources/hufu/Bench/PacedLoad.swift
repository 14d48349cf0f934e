import CoreFoundation
import Foundation
import Glibc

/// Requests at a steady rate, whatever the answers take: what waits counts as latency. Each is sent once.
struct PacedLoad: Sendable {
    let port: Int
    let connections: Int
    /// A second.
    let rate: Double
    let requests: [String]

    /// From when each request was due until its answer was whole, in milliseconds.
    func run() async throws -> [Double] {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try drive() }) }.start()
        }
    }

    private func drive() throws -> [Double] {
        var open: [LoadConnection] = []
        defer { for connection in open { connection.end() } }
        for _ in 0..<connections { open.append(try LoadConnection(port: port, request: "")) }
        let waiting = open.map(\.descriptor)
        var idle = Array(open.indices)
        var carried = [Int](repeating: 0, count: connections)
        var latencies = [Double](repeating: 0, count: requests.count)
        var (sent, answered) = (0, 0)
        let clock = ContinuousClock()
        let start = clock.now
        func now() -> Double { start.duration(to: clock.now).milliseconds }
        func due(_ request: Int) -> Double { Double(request) / rate * 1000 }
        while answered < requests.count {
            while sent < requests.count, due(sent) <= now(), let number = idle.popLast() {
                carried[number] = sent
                open[number].request = Array(requests[sent].utf8)
                try open[number].send()
                sent += 1
            }
            // Asleep until the next is due, so that the cores are the server's. Nothing can be sent, whatever is due,
            // while all connections wait for their answers.
            let isFree = sent < requests.count && !idle.isEmpty
            let rest = isFree ? max(0, due(sent) - now()) : 100
            for number in try readable(waiting, within: rest) {
                guard let isOK = try open[number].receive() else { continue }
                guard isOK else { throw CommandFailure(.refused, "an answer was not 200") }
                latencies[carried[number]] = now() - due(carried[number])
                answered += 1
                idle.append(number)
            }
        }
        return latencies
    }

    /// The numbers of the descriptors on which something arrived, after so many milliseconds at most. `poll` knows
    /// whole milliseconds only.
    private func readable(_ descriptors: [Int32], within time: Double) throws -> [Int] {
        var set = fd_set()
        let last = descriptors.max() ?? 0
        guard last < FD_SETSIZE else { throw HTTPLoad.failure("pselect") }
        // Its members are CoreFoundation's or Glibc's, by the order in which the compiler meets the headers.
        var rest = timespec()
        rest.tv_nsec = Int(time * 1e6)
        return try withUnsafeMutableBytes(of: &set) { bytes in
            for descriptor in descriptors { bytes[Int(descriptor) / 8] |= 1 << (descriptor % 8) }
            let count = bytes.withMemoryRebound(to: fd_set.self) {
                pselect(last + 1, $0.baseAddress, nil, nil, &rest, nil)
            }
            guard count >= 0 || errno == EINTR else { throw HTTPLoad.failure("pselect") }
            if count <= 0 { return [] }
            return descriptors.indices.filter {
                bytes[Int(descriptors[$0]) / 8] & 1 << (descriptors[$0] % 8) != 0
            }
        }
    }
}
