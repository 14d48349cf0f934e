import Foundation
import Glibc

/// Keep-alive connections that each send the same request again as soon as it is answered. One thread with plain
/// system calls, so that the load takes as little as it can from the server that is measured beside.
struct HTTPLoad: Sendable {
    let port: Int
    /// One connection for each.
    let requests: [String]

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
                try connections[number].send()
            }
            now = .now
        }
        guard failures == 0 else {
            throw CommandFailure(.refused, "\(failures) of \(answers) answers were not 200")
        }
        return Double(answers) / start.duration(to: now).milliseconds * 1000
    }

    fileprivate static func failure(_ call: String) -> CommandFailure {
        CommandFailure(.environment, "error: \(call): \(String(cString: strerror(errno)))")
    }
}

/// One connection of the load: a request is sent, then its answer received, part by part.
private struct LoadConnection {
    private static let statusOffset = 9
    private static let length = Array("content-length:".utf8)

    let descriptor: Int32
    private let request: [UInt8]
    private var received: [UInt8] = []
    private var part = [UInt8](repeating: 0, count: 4096)

    init(port: Int, request: String) throws {
        self.request = Array(request.utf8)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw HTTPLoad.failure("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        var yes: Int32 = 1
        let option = socklen_t(MemoryLayout<Int32>.size)
        guard connected == 0,
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, option) == 0
        else {
            let failure = HTTPLoad.failure("connect")
            close(descriptor)
            throw failure
        }
    }

    func end() { close(descriptor) }

    mutating func send() throws {
        received.removeAll(keepingCapacity: true)
        // A request of some hundred bytes goes into an empty socket buffer whole.
        guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { throw HTTPLoad.failure("send") }
    }

    /// Whether the answer's status is 200, once it is whole; nil before.
    mutating func receive() throws -> Bool? {
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else { throw HTTPLoad.failure("recv") }
        received += part[..<count]
        guard let size = received.withUnsafeBufferPointer(Self.size), received.count >= size else {
            return nil
        }
        return received[Self.statusOffset...].starts(with: "200".utf8)
    }

    /// The whole answer's size once its head is there.
    private static func size(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var line = 0
        var length = 0
        for end in bytes.indices where bytes[end] == UInt8(ascii: "\n") {
            if end - line <= 1 { return end + 1 + length }
            if matches(bytes, line) {
                length = 0
                for byte in bytes[(line + Self.length.count)..<end] where 0x30...0x39 ~= byte {
                    length = length * 10 + Int(byte - 0x30)
                }
            }
            line = end + 1
        }
        return nil
    }

    private static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) -> Bool {
        guard bytes.count - line >= length.count, bytes[line] | 0x20 == length[0] else { return false }
        return length.indices.allSatisfy { bytes[line + $0] | 0x20 == length[$0] | 0x20 }
    }
}
