/// Base64 (RFC 4648, clause 4) without tables and branches over the characters, which may be a private key's.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for index in 0..<3 { group = group << 8 | (index < count ? Int(bytes[start + index]) : 0) }
            for index in 0...3 {
                text.append(index <= count ? character(group >> (18 - 6 * index) & 63) : 0x3d)
            }
        }
        return text
    }

    /// Refuses with `invalidKeyEncoding` what `encode` wouldn't have written for the same bytes.
    static func decode(_ text: [UInt8]) throws(ShangMiError) -> [UInt8] {
        guard text.count % 4 == 0 else { throw .invalidKeyEncoding }
        let padding = text.suffix(2).reversed().prefix { $0 == 0x3d }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var isWrong = 0
        for start in stride(from: 0, to: text.count, by: 4) {
            let filled = start + 4 == text.count ? 4 - padding : 4
            var group = 0
            for index in 0..<4 {
                let digit = index < filled ? digit(text[start + index]) : 0
                isWrong |= digit
                group = group << 6 | digit & 63
            }
            for index in 0..<filled - 1 { bytes.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * index))) }
            // Bits that no byte takes must be zero.
            if filled < 4 { isWrong |= 0 - (group & (1 << (8 * (4 - filled)) - 1)) }
        }
        guard isWrong >= 0 else {
            bytes.wipe()
            throw .invalidKeyEncoding
        }
        return bytes
    }

    /// The character of 0…63. Its machine code must not jump.
    @inline(never)
    private static func character(_ digit: Int) -> UInt8 {
        let offset = Ranges(
            low: SIMD8(0, 26, 52, 62, 63, 1, 1, 1), high: SIMD8(25, 51, 61, 62, 63, 0, 0, 0),
            offset: SIMD8(65, 71, -4, -19, -16, 0, 0, 0))
        return UInt8(truncatingIfNeeded: offset.moved(Int16(truncatingIfNeeded: digit)))
    }

    /// 0…63, or -1 for what is no digit. Its machine code must not jump.
    @inline(never)
    private static func digit(_ character: UInt8) -> Int {
        let offset = Ranges(
            low: SIMD8(65, 97, 48, 43, 47, 1, 1, 1), high: SIMD8(90, 122, 57, 43, 47, 0, 0, 0),
            offset: SIMD8(-64, -70, 5, 20, 17, 0, 0, 0))
        return Int(offset.moved(Int16(character))) - 1
    }

    /// Ranges that don't overlap, each with what moves its values. Looked at all at once, in vectors, since
    /// the compiler turns words' masks into jumps.
    private struct Ranges {
        let low: SIMD8<Int16>
        let high: SIMD8<Int16>
        let offset: SIMD8<Int16>

        /// The value plus the offset of the range that it lies in, or 0 where it lies in none.
        @inline(__always)
        func moved(_ value: Int16) -> Int16 {
            let values = SIMD8(repeating: value)
            let isInside = (values .>= low) .& (values .<= high)
            return SIMD8<Int16>().replacing(with: values &+ offset, where: isInside).wrappedSum()
        }
    }
}
