import Foundation
import Glibc

/// Bytes on a socket, as no HTTP client would send them.
enum RawExchange {
    struct Failed: Error { let call: String }

    /// Sends the parts with a pause between, closes this half unless told otherwise, and reads to the end.
    static func run(port: Int, _ parts: [String], closesHalf: Bool = true) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Result { try talk(port, parts, closesHalf: closesHalf) })
            }.start()
        }
    }

    /// Sends and goes away without reading.
    static func abandon(port: Int, _ text: String) throws {
        let descriptor = try connected(port)
        defer { close(descriptor) }
        try write(text, to: descriptor)
    }

    private static func talk(_ port: Int, _ parts: [String], closesHalf: Bool) throws -> String {
        let descriptor = try connected(port)
        defer { close(descriptor) }
        for (number, part) in parts.enumerated() {
            if number > 0 { usleep(30_000) }
            try write(part, to: descriptor)
        }
        if closesHalf { shutdown(descriptor, Int32(SHUT_WR)) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failed(call: "recv") }
            if count == 0 { return String(decoding: received, as: UTF8.self) }
            received += buffer[..<count]
        }
    }

    private static func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failed(call: "send")
        }
    }

    private static func connected(_ port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard descriptor >= 0, result == 0 else { throw Failed(call: "connect") }
        return descriptor
    }
}
