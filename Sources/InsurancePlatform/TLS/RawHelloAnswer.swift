/// What a server answered to a ``RawHello``, as far as it is in the clear.
struct RawHelloAnswer: Sendable {
    /// Of the ServerHello: 0x0101 is TLCP, 0x0303 TLS 1.2 (and 1.3, which says so elsewhere).
    private(set) var version: UInt16?
    private(set) var cipherSuite: UInt16?
    /// DER; empty in TLS 1.3, which encrypts it.
    private(set) var chain: [[UInt8]] = []
    private(set) var alert: UInt8?
    /// Nothing more is of interest.
    private(set) var isWhole = false

    /// Reads as much as is there; what comes half is left.
    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var handshake: [UInt8] = []
        while let record = Self.record(&rest) {
            switch record.type {
            case 22: handshake += record.content
            case 21:
                alert = record.content.dropFirst().first
                isWhole = true
            default: isWhole = true
            }
        }
        var messages = handshake[...]
        while messages.count >= 4 {
            let type = messages[messages.startIndex]
            let count = Self.number(messages.dropFirst().prefix(3))
            guard messages.count >= 4 + count else { return }
            read(type, messages.dropFirst(4).prefix(count))
            messages = messages.dropFirst(4 + count)
        }
    }

    private mutating func read(_ type: UInt8, _ content: ArraySlice<UInt8>) {
        switch type {
        case 2:
            guard content.count >= 35 else { return }
            version = UInt16(Self.number(content.prefix(2)))
            let afterSession = content.dropFirst(35 + Int(content[content.startIndex + 34]))
            if afterSession.count >= 2 { cipherSuite = UInt16(Self.number(afterSession.prefix(2))) }
            // What follows in TLS 1.3 is encrypted.
            isWhole = isWhole || cipherSuite == 0x00C6 || cipherSuite == 0x00C7
        case 11:
            var list = content.dropFirst(3)
            while list.count >= 3 {
                let count = Self.number(list.prefix(3))
                guard count > 0, list.count >= 3 + count else { return }
                chain.append(Array(list.dropFirst(3).prefix(count)))
                list = list.dropFirst(3 + count)
            }
            isWhole = true
        default: break
        }
    }

    private static func record(_ rest: inout ArraySlice<UInt8>) -> (type: UInt8, content: ArraySlice<UInt8>)?
    {
        guard rest.count >= 5 else { return nil }
        let count = number(rest.dropFirst(3).prefix(2))
        guard rest.count >= 5 + count else { return nil }
        defer { rest = rest.dropFirst(5 + count) }
        return (rest[rest.startIndex], rest.dropFirst(5).prefix(count))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
