import Foundation
import Glibc
import Synchronization

/// A platform behind the gateway: takes one request a connection, keeps it, and answers what it was told to.
final class TestUpstream: Sendable {
    struct Failed: Error {}

    let port: Int
    private let descriptor: Int32
    private let received = Mutex<[String]>([])

    /// `answer` is a whole HTTP/1.1 response; an empty one hangs up without a word.
    init(answer: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard descriptor >= 0, bound else { throw Failed() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                take(connection, answer)
            }
        }.start()
    }

    /// The requests so far, head and body.
    var requests: [String] { received.withLock { $0 } }

    func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func take(_ connection: Int32, _ answer: String) {
        defer { close(connection) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !Self.isWhole(text) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        received.withLock { $0.append(text) }
        let bytes = Array(answer.utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func isWhole(_ text: String) -> Bool {
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let head = text[..<end.lowerBound].lowercased()
        let length = head.components(separatedBy: "content-length: ").dropFirst().first.flatMap {
            Int($0.prefix { $0.isNumber })
        }
        return text[end.upperBound...].utf8.count >= length ?? 0
    }
}
