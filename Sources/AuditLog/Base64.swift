/// Base64 (RFC 4648, section 4), with padding, and strict: each value has exactly one form.
///
/// Foundation's decoder takes bits that are set behind the last byte; here two texts never mean the same
/// bytes, so that what was parsed encodes to what was read.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, symbol) in alphabet.enumerated() { values[Int(symbol)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        write(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func write(_ bytes: some Sequence<UInt8>, into text: inout [UInt8]) {
        var iterator = bytes.makeIterator()
        alphabet.withUnsafeBufferPointer { alphabet in
            while let first = iterator.next() {
                let second = iterator.next()
                let third = second == nil ? nil : iterator.next()
                text.append(alphabet[Int(first >> 2)])
                text.append(alphabet[Int((first & 3) << 4 | (second ?? 0) >> 4)])
                guard let second else {
                    text.append(UInt8(ascii: "="))
                    text.append(UInt8(ascii: "="))
                    return
                }
                text.append(alphabet[Int((second & 15) << 2 | (third ?? 0) >> 6)])
                guard let third else {
                    text.append(UInt8(ascii: "="))
                    return
                }
                text.append(alphabet[Int(third & 63)])
            }
        }
    }

    /// Nil for anything but the one form of some bytes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let symbols = Array(text.utf8)
        guard symbols.count % 4 == 0 else { return nil }
        let padding = symbols.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(symbols.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for symbol in symbols.dropLast(padding) {
            let value = values[Int(symbol)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
        return bytes
    }
}
