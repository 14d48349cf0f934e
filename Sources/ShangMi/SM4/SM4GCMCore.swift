/// GCM from its nonce to its tag (NIST SP 800-38D, 7).
struct SM4GCMCore: Sendable {
    /// 2^39 - 256 bits: behind that the counter would come round.
    private static let longestMessage: UInt64 = (1 << 36) - 32

    private var keys: SM4KeyStream
    private var hash: GHASH
    private let tagMask: SIMD16<UInt8>
    private let additionalCount: UInt64
    private var messageCount: UInt64 = 0

    init(_ schedule: SM4Schedule, nonce: [UInt8], additional: Span<UInt8>) {
        hash = GHASH(schedule)
        let first = Self.firstBlock(nonce, hash)
        tagMask = schedule.crypt(first, decrypting: false)
        keys = SM4KeyStream(schedule, from: first, carries: false)
        keys.skipBlock()
        additionalCount = UInt64(additional.count)
        unsafe additional.withUnsafeBytes { unsafe hash.update($0) }
        hash.pad()
    }

    /// J0: a nonce of 12 bytes and a counter of 1; the hash of any other.
    private static func firstBlock(_ nonce: [UInt8], _ hash: GHASH) -> SIMD16<UInt8> {
        if nonce.count == 12 { return SIMD16(nonce + [0, 0, 0, 1]) }
        var hash = hash
        unsafe nonce.withUnsafeBytes { unsafe hash.update($0) }
        return hash.finalize(0, UInt64(nonce.count))
    }

    /// Whether the message may grow by so many bytes.
    func hasRoom(for count: Int) -> Bool { UInt64(count) <= Self.longestMessage - messageCount }

    mutating func encrypt(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
        unsafe forEachPiece(input, output) { keys, hash, input, output in
            unsafe keys.apply(input, to: output)
            unsafe hash.update(UnsafeRawBufferPointer(output))
        }
    }

    mutating func decrypt(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
        unsafe forEachPiece(input, output) { keys, hash, input, output in
            unsafe hash.update(input)
            unsafe keys.apply(input, to: output)
        }
    }

    /// Both passes go over a piece while it is in the processor's nearest cache.
    private mutating func forEachPiece(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer,
        _ body: (inout SM4KeyStream, inout GHASH, UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) ->
            Void
    ) {
        let pieceCount = 8192
        for start in stride(from: 0, to: input.count, by: pieceCount) {
            let end = min(start + pieceCount, input.count)
            unsafe body(
                &keys, &hash, UnsafeRawBufferPointer(rebasing: input[start..<end]),
                UnsafeMutableRawBufferPointer(rebasing: output[start..<end]))
        }
        messageCount += UInt64(input.count)
    }

    consuming func tag() -> SIMD16<UInt8> {
        hash.finalize(additionalCount, messageCount) ^ tagMask
    }
}
