extension SM4 {
    /// Whether the first `tag.count` bytes of a block are the tag, in a time that depends on the count alone.
    ///
    /// - Parameter tag: at most 16 bytes.
    static func isEqual(_ tag: [UInt8], _ block: SIMD16<UInt8>) -> Bool {
        var completed = block
        for index in tag.indices { completed[index] = tag[index] }
        return difference(completed, block) == 0
    }

    /// Zero only for two equal blocks.
    @inline(never)
    private static func difference(_ a: SIMD16<UInt8>, _ b: SIMD16<UInt8>) -> UInt64 {
        let (a, b) = unsafe (
            unsafeBitCast(a, to: SIMD2<UInt64>.self), unsafeBitCast(b, to: SIMD2<UInt64>.self)
        )
        return (a[0] ^ b[0]) | (a[1] ^ b[1])
    }
}
