extension SM4 {
    /// What fills up the last block of ``ECB`` and ``CBC``.
    public enum Padding: Sendable, Hashable {
        /// 1…16 bytes that each state their number (RFC 5652, 6.3).
        case pkcs7
        /// Nothing: messages are whole blocks, or refused.
        case none
    }
}

extension SM4.Padding {
    /// The last block of a message.
    ///
    /// - Parameter rest: 0…15 bytes.
    static func lastBlock(of rest: Span<UInt8>) -> SIMD16<UInt8> {
        var block = SIMD16(repeating: UInt8(truncatingIfNeeded: 16 - rest.count))
        for index in rest.indices { block[index] = rest[index] }
        return block
    }

    /// How many bytes of padding a message ends in, or nil when it ends in none.
    ///
    /// Every byte is looked at whatever the others are, and one answer comes out for all that can be wrong:
    /// whoever measures a server's refusals doesn't learn how far the padding was right. What no code can
    /// hide is the length of a message that is accepted.
    static func byteCount(in lastBlock: SIMD16<UInt8>) -> Int? {
        let (wrong, count) = check(lastBlock)
        return wrong == 0 ? Int(count) : nil
    }

    /// Zero, unless the block ends in no padding, and the padding's length.
    @inline(never)
    private static func check(_ block: SIMD16<UInt8>) -> (wrong: UInt32, count: UInt32) {
        let count = UInt32(block[15])
        // The top bit is set when the count is 0, and when it is more than 16.
        var wrong = ((count &- 1) | (16 &- count)) &>> 31
        for index in 0..<16 {
            let distance = UInt32(truncatingIfNeeded: 15 - index)
            let inside = 0 &- ((distance &- count) &>> 31)
            wrong |= inside & (UInt32(block[index]) ^ count)
        }
        return (wrong, count)
    }
}
