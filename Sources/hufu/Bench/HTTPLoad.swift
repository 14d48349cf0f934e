import Foundation
import Glibc

/// Keep-alive connections that each send the same request again as soon as it is answered. One thread with plain
/// system calls, so that the load takes as little as it can from the server that is measured beside.
struct HTTPLoad: Sendable {
    let port: Int
    /// One connection for each.
    let requests: [String]
    /// What the connections send after that, each once, for requests that are good only once. Without it they
    /// repeat their own.
    var further: ArraySlice<String> = []

    static func post(_ path: String, _ body: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Answers a second. Anything but 200 is a failure of the run.
    func run(for duration: Duration) async throws -> Double {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try drive(for: duration) }) }.start()
        }
    }

    private func drive(for duration: Duration) throws -> Double {
        var connections: [LoadConnection] = []
        defer { for connection in connections { connection.end() } }
        for request in requests { connections.append(try LoadConnection(port: port, request: request)) }
        var waiting = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let start = ContinuousClock.now
        let end = start + duration
        for number in connections.indices { try connections[number].send() }
        var further = further
        let isOnce = !further.isEmpty
        var answers = 0
        var failures = 0
        var now = start
        while now < end {
            guard poll(&waiting, nfds_t(waiting.count), 100) >= 0 || errno == EINTR else {
                throw Self.failure("poll")
            }
            for number in waiting.indices where waiting[number].revents != 0 {
                guard let isOK = try connections[number].receive() else { continue }
                answers += 1
                if !isOK { failures += 1 }
                if isOnce {
                    guard let next = further.popFirst() else {
                        throw CommandFailure(.environment, "error: the load ran out of requests")
                    }
                    connections[number].request = Array(next.utf8)
                }
                try connections[number].send()
            }
            now = .now
        }
        guard failures == 0 else {
            throw CommandFailure(.refused, "\(failures) of \(answers) answers were not 200")
        }
        return Double(answers) / start.duration(to: now).milliseconds * 1000
    }

    static func failure(_ call: String) -> CommandFailure {
        CommandFailure(.environment, "error: \(call): \(String(cString: strerror(errno)))")
    }
}
