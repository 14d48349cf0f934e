import Foundation
import Glibc

/// The other end of a ping-pong over TCP: answers whatever comes with the same few bytes, on one thread.
final class PlainResponder: Sendable {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 512) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard descriptor >= 0, bound else { throw HTTPLoad.failure("listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { Self.serve(descriptor) }.start()
    }

    /// Ends the thread with its next event.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)

    private static func serve(_ listener: Int32) {
        var open = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var bytes = [UInt8](repeating: 0, count: 4096)
        defer { for one in open { close(one.fd) } }
        while poll(&open, nfds_t(open.count), -1) >= 0 || errno == EINTR {
            for index in open.indices.reversed() where open[index].revents != 0 {
                if index == 0 {
                    let accepted = accept(listener, nil, nil)
                    guard accepted >= 0 else { return }
                    var yes: Int32 = 1
                    setsockopt(
                        accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                    open.append(pollfd(fd: accepted, events: Int16(POLLIN), revents: 0))
                } else if recv(open[index].fd, &bytes, bytes.count, 0) > 0 {
                    _ = send(open[index].fd, answer, answer.count, Int32(MSG_NOSIGNAL))
                } else {
                    close(open[index].fd)
                    open.remove(at: index)
                }
            }
        }
    }
}
