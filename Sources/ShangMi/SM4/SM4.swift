/// The block cipher of GB/T 32907-2016: blocks and keys of 16 bytes, 32 rounds.
///
/// Choose a mode: ``GCM`` or ``CCM`` for messages, ``CTR`` and ``CBC`` where a protocol asks for them.
/// ``ECB`` shows equal blocks as equal and is there for what exists already.
public enum SM4 {
    /// The size of a block in bytes.
    public static let blockByteCount = 16

    /// A block from 16 bytes, or nil when there are more or fewer.
    static func block(_ bytes: [UInt8]) -> SIMD16<UInt8>? {
        bytes.count == blockByteCount ? SIMD16(bytes) : nil
    }

    /// Sixteen bytes from the system's random numbers, in two calls.
    static func randomBlock() -> SIMD16<UInt8> {
        var source = SystemRandomNumberGenerator()
        let words = SIMD2(source.next() as UInt64, source.next() as UInt64)
        return unsafe unsafeBitCast(words, to: SIMD16<UInt8>.self)
    }

    static func bytes(_ block: SIMD16<UInt8>) -> [UInt8] {
        block.indices.map { block[$0] }
    }
}
