/// Writes DER (ITU-T X.690, clause 10).
enum DER {
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30

    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var bytes = [tag]
        bytes.reserveCapacity(content.count + 6)
        if content.count < 0x80 {
            bytes.append(UInt8(content.count))
        } else {
            let byteCount = (Int.bitWidth - content.count.leadingZeroBitCount + 7) / 8
            bytes.append(0x80 | UInt8(byteCount))
            for index in (0..<byteCount).reversed() {
                bytes.append(UInt8(truncatingIfNeeded: content.count >> (8 * index)))
            }
        }
        return bytes + content
    }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(sequence, elements.reduce(into: []) { $0 += $1 })
    }

    static func octets(_ content: [UInt8]) -> [UInt8] { element(octetString, content) }

    /// A bit string of whole bytes.
    static func bits(_ content: [UInt8]) -> [UInt8] { element(bitString, [0] + content) }

    static func identifier(_ content: [UInt8]) -> [UInt8] { element(objectIdentifier, content) }

    /// A non-negative integer in as few bytes as its sign allows.
    static func integer(_ number: UInt256) -> [UInt8] {
        var digits = Array(number.bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return element(integer, digits)
    }

    static func integer(_ number: Int) -> [UInt8] { integer(UInt256(UInt64(number), 0, 0, 0)) }
}
