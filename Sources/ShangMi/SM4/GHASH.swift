internal import CShangMi

/// The universal hash of GCM (NIST SP 800-38D, 6.4).
struct GHASH: Sendable {
    typealias Block = SIMD16<UInt8>

    private let path: ShangMi.Path
    /// The C code's powers of H, or the portable multiplier's parts of it.
    private let secret: Wiped
    /// As the bytes lie in memory.
    private var sum = Block()
    private var pending = Block()
    private var pendingCount = 0

    init(_ schedule: SM4Schedule) {
        path = schedule.path
        let h = schedule.crypt(Block(), decrypting: false)
        #if arch(x86_64)
            if path != .portable {
                secret = unsafe Wiped(byteCount: Int(shangmi_ghash_table_size)) { table in
                    unsafe withUnsafeBytes(of: h) { h in
                        guard let h = h.baseAddress, let table = table.baseAddress else { return }
                        unsafe shangmi_ghash_prepare(
                            table.assumingMemoryBound(to: UInt8.self), h.assumingMemoryBound(to: UInt8.self))
                    }
                }
                return
            }
        #endif
        secret = unsafe Wiped(byteCount: GHASHProduct.factorByteCount) { factor in
            unsafe GHASHProduct.prepare(h, into: factor.assumingMemoryBound(to: UInt64.self))
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        if pendingCount > 0 {
            start = min(16 - pendingCount, bytes.count)
            for index in 0..<start { pending[pendingCount + index] = unsafe bytes[index] }
            pendingCount += start
            guard pendingCount == 16 else { return }
            pad()
        }
        let end = start + (bytes.count - start) & ~15
        unsafe absorb(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        for index in end..<bytes.count { pending[index - end] = unsafe bytes[index] }
        pendingCount = bytes.count - end
    }

    /// Fills a begun block with zeros.
    mutating func pad() {
        guard pendingCount > 0 else { return }
        let block = pending
        unsafe withUnsafeBytes(of: block) { unsafe absorb($0) }
        pending = Block()
        pendingCount = 0
    }

    /// The hash, behind a last block of two lengths, which are in bytes here and in bits there.
    consuming func finalize(_ first: UInt64, _ second: UInt64) -> Block {
        pad()
        let lengths = SIMD2(first &* 8, second &* 8)
        unsafe withUnsafeBytes(of: SIMD2(lengths[0].bigEndian, lengths[1].bigEndian)) { unsafe absorb($0) }
        return sum
    }

    private mutating func absorb(_ blocks: UnsafeRawBufferPointer) {
        guard let start = blocks.baseAddress, blocks.count > 0 else { return }
        #if arch(x86_64)
            if path != .portable {
                unsafe secret.withUnsafeBytes { table in
                    unsafe withUnsafeMutableBytes(of: &sum) { sum in
                        guard let table = table.baseAddress, let sum = sum.baseAddress else { return }
                        unsafe shangmi_ghash(
                            table.assumingMemoryBound(to: UInt8.self),
                            sum.assumingMemoryBound(to: UInt8.self),
                            start.assumingMemoryBound(to: UInt8.self), blocks.count / 16)
                    }
                }
                return
            }
        #endif
        unsafe secret.withUnsafeBytes { factor in
            guard let factor = unsafe factor.assumingMemoryBound(to: UInt64.self).baseAddress else { return }
            var value = GHASHProduct.number(sum)
            for offset in stride(from: 0, to: blocks.count, by: 16) {
                let block = unsafe start.loadUnaligned(fromByteOffset: offset, as: Block.self)
                unsafe value = GHASHProduct.multiply(value ^ GHASHProduct.number(block), factor)
            }
            sum = GHASHProduct.block(value)
        }
    }
}
