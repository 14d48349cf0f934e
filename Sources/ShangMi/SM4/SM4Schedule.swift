/// What a key expands to, ready for one path; wiped with its last copy.
struct SM4Schedule: Sendable {
    let path: ShangMi.Path
    /// 32 round keys, the same from the last to the first, then the portable path's: the round keys with the
    /// flips folded in, and their planes.
    let secret: Wiped

    private static let reversedOffset = 32 * 4
    private static let foldedOffset = 64 * 4
    private static let planesOffset = 96 * 4
    private static let portableByteCount = planesOffset + 32 * 8 * 16

    init(key: UnsafeRawBufferPointer, path: ShangMi.Path) {
        self.path = path
        let byteCount = path == .portable ? Self.portableByteCount : Self.foldedOffset
        secret = unsafe Wiped(byteCount: byteCount) { storage in
            let words = unsafe storage.assumingMemoryBound(to: UInt32.self)
            unsafe Self.expand(key, into: words)
            for round in 0..<32 { unsafe words[32 + round] = words[31 - round] }
            guard path == .portable else { return }
            for round in 0..<32 { unsafe words[64 + round] = words[round] ^ Self.fold(round) }
            let planes = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[Self.planesOffset...])
                .assumingMemoryBound(to: SIMD4<UInt32>.self)
            for round in 0..<32 {
                for bit in 0..<8 { unsafe planes[8 * round + bit] = Self.plane(words[64 + round], bit) }
            }
        }
    }

    func withRoundKeys<Result>(
        decrypting: Bool, _ body: (UnsafePointer<UInt32>) -> Result
    ) -> Result {
        unsafe withPointer(at: decrypting ? Self.reversedOffset : 0, as: UInt32.self, body)
    }

    /// 32 words, the same for both directions: a decryption takes them from the last to the first.
    func withFoldedKeys<Result>(_ body: (UnsafePointer<UInt32>) -> Result) -> Result {
        unsafe withPointer(at: Self.foldedOffset, as: UInt32.self, body)
    }

    /// The folded keys as 32 × 8 vectors.
    func withKeyPlanes<Result>(_ body: (UnsafePointer<SIMD4<UInt32>>) -> Result) -> Result {
        unsafe withPointer(at: Self.planesOffset, as: SIMD4<UInt32>.self, body)
    }

    private func withPointer<Element, Result>(
        at offset: Int, as type: Element.Type, _ body: (UnsafePointer<Element>) -> Result
    ) -> Result {
        unsafe secret.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("an empty schedule") }
            return unsafe body((start + offset).assumingMemoryBound(to: type))
        }
    }

    /// GB/T 32907-2016, 7.3.
    private static func expand(
        _ key: UnsafeRawBufferPointer, into words: UnsafeMutableBufferPointer<UInt32>
    ) {
        var k = SIMD4<UInt32>(0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc)
        for index in 0..<4 {
            let word = unsafe key.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            k[index] ^= UInt32(bigEndian: word)
        }
        for round in stride(from: 0, to: 32, by: 4) {
            let constants = SIMD4(
                constant(round), constant(round + 1), constant(round + 2), constant(round + 3))
            k = SM4Words.expandFour(k, constants)
            for index in 0..<4 { unsafe words[round + index] = k[index] }
        }
    }

    /// CK: byte j of word i is 7(4i + j) mod 256.
    private static func constant(_ round: Int) -> UInt32 {
        (0..<4).reduce(0) { word, byte in word << 8 | UInt32((4 * round + byte) * 7 & 255) }
    }

    /// What a round's key takes over from the circuit's flips.
    ///
    /// Without `flipOut` every word differs by the same constant after each of its rounds, so the words a
    /// round reads differ by it when an odd number of them has had an odd number of rounds. All have had
    /// eight in the end, so nothing is left over; and the pattern reads the same backwards.
    private static func fold(_ round: Int) -> UInt32 {
        let odd = (round + 1...round + 3).count { $0 / 4 % 2 == 1 } % 2 == 1
        return SM4Words.flipIn ^ (odd ? SM4Words.leftOut : 0)
    }

    /// All ones in the lanes whose byte has this bit.
    private static func plane(_ key: UInt32, _ bit: Int) -> SIMD4<UInt32> {
        let bytes = key.byteSwapped &>> UInt32(truncatingIfNeeded: bit)
        let bits = SIMD4(bytes, bytes &>> 8, bytes &>> 16, bytes &>> 24) & 1
        return 0 &- bits
    }
}
