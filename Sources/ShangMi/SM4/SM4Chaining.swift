/// Cipher block chaining of whole blocks (GB/T 17964-2021, 6), on the schedule's path.
extension SM4Schedule {
    /// - Parameters:
    ///   - chain: the initialization vector, and afterwards the last block of ciphertext.
    ///   - input: whole blocks, at another place than the output.
    func encryptChain(
        _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, chain: inout Block
    ) {
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        #if arch(x86_64)
            if let transform = unsafe path.chain {
                unsafe withRoundKeys(decrypting: false) { keys in
                    unsafe withUnsafeMutableBytes(of: &chain) { chain in
                        guard let chain = chain.baseAddress else { return }
                        unsafe transform(
                            keys, chain.assumingMemoryBound(to: UInt8.self),
                            source.assumingMemoryBound(to: UInt8.self),
                            target.assumingMemoryBound(to: UInt8.self), input.count / 16)
                    }
                }
                return
            }
        #endif
        for offset in stride(from: 0, to: input.count, by: 16) {
            let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
            chain = crypt(chain ^ block, decrypting: false)
            unsafe target.storeBytes(of: chain, toByteOffset: offset, as: Block.self)
        }
    }

    /// - Parameters:
    ///   - chain: the initialization vector, and afterwards the last block of ciphertext.
    ///   - input: whole blocks, at another place than the output.
    func decryptChain(
        _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, chain: inout Block
    ) {
        unsafe crypt(input, to: output, decrypting: true)
        for offset in stride(from: 0, to: input.count, by: 16) {
            let block = unsafe output.loadUnaligned(fromByteOffset: offset, as: Block.self)
            unsafe output.storeBytes(of: block ^ chain, toByteOffset: offset, as: Block.self)
            chain = unsafe input.loadUnaligned(fromByteOffset: offset, as: Block.self)
        }
    }
}
