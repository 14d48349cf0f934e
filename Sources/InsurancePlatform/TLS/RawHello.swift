/// A ClientHello written by hand, for servers that the TLS library can't talk to. It only asks: nothing is agreed on
/// and nothing sent after the answer.
enum RawHello: Sendable {
    /// TLS 1.2 with common and SM suites: an old server answers with its certificates in the clear.
    case tls12
    /// TLCP (GB/T 38636-2020), version 1.1.
    case tlcp
    /// TLS 1.3 with nothing but the SM suites (RFC 8998).
    case shangMi13

    private var cipherSuites: [UInt16] {
        switch self {
        case .tls12:
            [
                0xC02F, 0xC030, 0xC02B, 0xC02C, 0x009C, 0x009D, 0x002F, 0x0035, 0xE011, 0xE013, 0xE051,
                0xE053,
            ]
        case .tlcp: [0xE013, 0xE053, 0xE011, 0xE051, 0xE019, 0xE059]
        case .shangMi13: [0x00C6, 0x00C7]
        }
    }

    private var version: UInt16 { self == .tlcp ? 0x0101 : 0x0303 }

    /// The record with the ClientHello.
    func bytes(serverName: String?, random: [UInt8]) -> [UInt8] {
        var body = Self.two(version) + random + [0]
        body += Self.counted(cipherSuites.flatMap(Self.two)) + [1, 0]
        let extensions = self.extensions(serverName)
        if !extensions.isEmpty { body += Self.counted(extensions) }
        let message = [1, 0] + Self.counted(body)
        let recordVersion: UInt16 = self == .tlcp ? 0x0101 : 0x0301
        return [22] + Self.two(recordVersion) + Self.counted(message)
    }

    /// TLCP's own clients send none.
    private func extensions(_ serverName: String?) -> [UInt8] {
        var list: [UInt8] = []
        func add(_ type: UInt16, _ content: [UInt8]) { list += Self.two(type) + Self.counted(content) }
        if self == .tlcp { return list }
        if let serverName { add(0, Self.counted([0] + Self.counted(Array(serverName.utf8)))) }
        let isShangMi = self == .shangMi13
        let groups: [UInt16] = isShangMi ? [0x0029] : [0x0017, 0x0018, 0x001D, 0x0029]
        let signatures: [UInt16] =
            isShangMi ? [0x0708] : [0x0403, 0x0804, 0x0401, 0x0503, 0x0501, 0x0601, 0x0201, 0x0708]
        add(10, Self.counted(groups.flatMap(Self.two)))
        add(13, Self.counted(signatures.flatMap(Self.two)))
        if isShangMi {
            add(43, [2, 3, 4])
            // No share: the server asks for one, and names the curve it wants.
            add(51, [0, 0])
        } else {
            add(11, [1, 0])
        }
        return list
    }

    private static func two(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] { two(UInt16(bytes.count)) + bytes }
}
