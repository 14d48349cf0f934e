/// The Base64 of RFC 8941 §3.3.5 byte sequences: the alphabet of RFC 4648 §4, padded.
///
/// Reading is strict: every value has exactly one text, so padding is due and unused bits are zero.
enum ByteSequence {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let unknown: UInt8 = 0xFF
    private static let digits: [UInt8] = {
        var table = [UInt8](repeating: unknown, count: 256)
        for (value, symbol) in alphabet.enumerated() { table[Int(symbol)] = UInt8(value) }
        return table
    }()

    /// The bytes behind the text, or nil if it is not the canonical Base64 of any.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var symbols = text
        while symbols.last == UInt8(ascii: "="), text.count - symbols.count < 2 { symbols.removeLast() }
        let remainder = symbols.count & 3
        let count = symbols.count / 4 * 3 + (remainder == 0 ? 0 : remainder - 1)
        let digits = digits
        var isCanonical = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var bits: UInt32 = 0
            var pending = 0
            for symbol in symbols {
                let digit = digits[Int(symbol)]
                guard digit != unknown else { isCanonical = false; return }
                bits = bits << 6 | UInt32(digit)
                pending += 6
                guard pending >= 8 else { continue }
                pending -= 8
                buffer[initialized] = UInt8(truncatingIfNeeded: bits >> UInt32(pending))
                initialized += 1
            }
            isCanonical = pending < 6 && bits & (1 << UInt32(pending) - 1) == 0
        }
        return isCanonical ? bytes : nil
    }

    /// Appends the Base64 of the bytes, without the colons.
    static func append(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        var bits: UInt32 = 0
        var pending = 0
        var symbols = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            pending += 8
            while pending >= 6 {
                pending -= 6
                text.append(alphabet[Int(bits >> UInt32(pending) & 63)])
                symbols += 1
            }
        }
        if pending > 0 {
            text.append(alphabet[Int(bits << UInt32(6 - pending) & 63)])
            symbols += 1
        }
        while !symbols.isMultiple(of: 4) {
            text.append(UInt8(ascii: "="))
            symbols += 1
        }
    }
}
