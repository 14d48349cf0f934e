import Glibc

/// One connection of the load: a request is sent, then its answer received, part by part.
struct LoadConnection {
    private static let statusOffset = 9
    private static let length = Array("content-length:".utf8)

    let descriptor: Int32
    var request: [UInt8]
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
