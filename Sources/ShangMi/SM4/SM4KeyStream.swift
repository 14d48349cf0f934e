internal import CShangMi

/// The encrypted counter blocks of CTR, GCM and CCM, from wherever the last piece ended.
struct SM4KeyStream: Sendable {
    typealias Block = SIMD16<UInt8>

    private let schedule: SM4Schedule
    /// The upper 96 bits and the lower 32 of the next counter block, as it lies in memory.
    private var block: Block
    /// GCM counts in the last 32 bits alone; elsewhere the carry goes on through the whole block.
    private let carries: Bool
    /// Key stream that is made but not used, the last `leftCount` bytes of it.
    private var left = Block()
    private var leftCount = 0

    init(_ schedule: SM4Schedule, from block: Block, carries: Bool) {
        self.schedule = schedule
        self.block = block
        self.carries = carries
    }

    /// - Parameter output: as many bytes as the input, at the same place or one that doesn't overlap it.
    mutating func apply(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) {
        var offset = min(leftCount, input.count)
        for index in 0..<offset { unsafe output[index] = input[index] ^ left[16 - leftCount + index] }
        leftCount -= offset
        while offset < input.count {
            let count = min(input.count - offset, bytesBeforeCarry)
            let source = unsafe UnsafeRawBufferPointer(rebasing: input[offset..<offset + count])
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: output[offset..<offset + count])
            unsafe run(source, target)
            offset += count
        }
    }

    /// Leaves one counter block unused; only at a block's begin.
    mutating func skipBlock() { advance(by: 1) }

    private var counter: UInt32 {
        UInt32(block[12]) << 24 | UInt32(block[13]) << 16 | UInt32(block[14]) << 8 | UInt32(block[15])
    }

    private var bytesBeforeCarry: Int { carries ? 16 * ((1 << 32) - Int(counter)) : .max }

    /// Adds to the last 32 bits, and carries once at most.
    private mutating func advance(by count: Int) {
        let sum = counter &+ UInt32(truncatingIfNeeded: count)
        let wraps = Int(counter) + count > Int(UInt32.max)
        for index in 0..<4 { block[12 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
        guard carries && wraps else { return }
        for index in (0..<12).reversed() {
            block[index] &+= 1
            if block[index] != 0 { break }
        }
    }

    /// A run that starts at a block's begin and needs no carry.
    private mutating func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
        let whole = input.count & ~15
        unsafe cover(
            UnsafeRawBufferPointer(rebasing: input[..<whole]),
            UnsafeMutableRawBufferPointer(rebasing: output[..<whole]))
        advance(by: whole / 16)
        guard whole < input.count else { return }
        left = schedule.crypt(block, decrypting: false)
        advance(by: 1)
        leftCount = 16 - (input.count - whole)
        for index in whole..<input.count { unsafe output[index] = input[index] ^ left[index - whole] }
    }

    private func cover(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
        guard let source = input.baseAddress, let target = output.baseAddress, input.count > 0 else { return }
        #if arch(x86_64)
            if let transform = unsafe schedule.path.counter {
                unsafe schedule.withRoundKeys(decrypting: false) { keys in
                    unsafe withUnsafeBytes(of: block) { block in
                        guard let block = block.baseAddress else { return }
                        unsafe transform(
                            keys, block.assumingMemoryBound(to: UInt8.self),
                            source.assumingMemoryBound(to: UInt8.self),
                            target.assumingMemoryBound(to: UInt8.self), input.count)
                    }
                }
                return
            }
        #endif
        unsafe coverPortably(source, target, byteCount: input.count)
    }

    /// Two batches of counters at a time, encrypted where they lie.
    private func coverPortably(
        _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, byteCount: Int
    ) {
        let capacity = 2 * SM4Batch.byteCount
        var counter = counter
        unsafe withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 16) { stream in
            for offset in stride(from: 0, to: byteCount, by: capacity) {
                let count = min(capacity, byteCount - offset)
                for index in stride(from: 0, to: count, by: 16) {
                    unsafe stream.storeBytes(of: block, toByteOffset: index, as: Block.self)
                    unsafe stream.storeBytes(of: counter.bigEndian, toByteOffset: index + 12, as: UInt32.self)
                    counter &+= 1
                }
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: stream[..<count])
                unsafe schedule.crypt(UnsafeRawBufferPointer(part), to: part, decrypting: false)
                for index in stride(from: 0, to: count, by: 16) {
                    let key = unsafe stream.loadUnaligned(fromByteOffset: index, as: Block.self)
                    let text = unsafe source.loadUnaligned(fromByteOffset: offset + index, as: Block.self)
                    unsafe target.storeBytes(of: text ^ key, toByteOffset: offset + index, as: Block.self)
                }
            }
        }
    }
}
