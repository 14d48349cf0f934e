internal import CShangMi

/// Whole blocks through the bare cipher, on the schedule's path.
extension SM4Schedule {
    typealias Block = SIMD16<UInt8>

    /// - Parameters:
    ///   - input: whole blocks.
    ///   - output: as many bytes; the same place as the input, or one that doesn't overlap it.
    func crypt(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, decrypting: Bool) {
        guard let source = input.baseAddress, let target = output.baseAddress, input.count > 0 else { return }
        let blockCount = input.count / 16
        #if arch(x86_64)
            if let transform = unsafe path.blocks {
                unsafe withRoundKeys(decrypting: decrypting) { keys in
                    unsafe transform(
                        keys, source.assumingMemoryBound(to: UInt8.self),
                        target.assumingMemoryBound(to: UInt8.self), blockCount)
                }
                return
            }
        #endif
        unsafe cryptPortably(source, to: target, blockCount: blockCount, decrypting: decrypting)
    }

    func crypt(_ block: Block, decrypting: Bool) -> Block {
        var block = block
        #if arch(x86_64)
            if let transform = unsafe path.chain {
                // A chain of one link from zeros is the bare cipher, without the width that one block wastes.
                var chain = Block()
                unsafe withRoundKeys(decrypting: decrypting) { keys in
                    unsafe withUnsafePointer(to: &block) { block in
                        unsafe withUnsafeMutablePointer(to: &chain) { chain in
                            unsafe block.withMemoryRebound(to: UInt8.self, capacity: 16) { source in
                                unsafe chain.withMemoryRebound(to: UInt8.self, capacity: 16) { target in
                                    unsafe transform(keys, target, source, target, 1)
                                }
                            }
                        }
                    }
                }
                return chain
            }
        #endif
        unsafe withUnsafeMutableBytes(of: &block) { bytes in
            unsafe crypt(UnsafeRawBufferPointer(bytes), to: bytes, decrypting: decrypting)
        }
        return block
    }

    /// From this many blocks on a batch of 32, filled up with anything, is quicker than single blocks.
    private static let worthABatch = 4

    private func cryptPortably(
        _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, blockCount: Int, decrypting: Bool
    ) {
        let inBatches =
            blockCount % SM4Batch.blockCount < Self.worthABatch
            ? blockCount & ~(SM4Batch.blockCount - 1) : blockCount
        unsafe cryptBatches(source, to: target, blockCount: inBatches, decrypting: decrypting)
        unsafe withFoldedKeys { keys in
            for offset in stride(from: 16 * inBatches, to: 16 * blockCount, by: 16) {
                let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt32>.self)
                let result = unsafe SM4Words.crypt(block, keys: keys, decrypting: decrypting)
                unsafe target.storeBytes(of: result, toByteOffset: offset, as: SIMD4<UInt32>.self)
            }
        }
    }

    private func cryptBatches(
        _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, blockCount: Int, decrypting: Bool
    ) {
        let end = 16 * blockCount
        var offset = 0
        unsafe withKeyPlanes { keys in
            while offset + 2 * SM4Batch.byteCount <= end {
                unsafe SM4Batch.cryptTwo(
                    source + offset, to: target + offset, keys: keys, decrypting: decrypting)
                offset += 2 * SM4Batch.byteCount
            }
            if offset + SM4Batch.byteCount <= end {
                unsafe SM4Batch.cryptOne(
                    source + offset, to: target + offset, keys: keys, decrypting: decrypting)
                offset += SM4Batch.byteCount
            }
            guard offset < end else { return }
            unsafe withUnsafeTemporaryAllocation(byteCount: SM4Batch.byteCount, alignment: 16) { batch in
                guard let start = batch.baseAddress else { return }
                unsafe start.copyMemory(from: source + offset, byteCount: end - offset)
                unsafe SM4Batch.cryptOne(start, to: start, keys: keys, decrypting: decrypting)
                unsafe (target + offset).copyMemory(from: start, byteCount: end - offset)
            }
        }
    }
}
