/// The bytes of a stream on their way into whole blocks.
struct SM4BlockQueue: Sendable {
    /// Fewer than a block; a whole one where the last block is kept back.
    private(set) var rest: [UInt8] = []
    /// A decryption with padding doesn't know its last block before the stream ends.
    let keepsLastBlock: Bool

    /// Takes more bytes and hands all blocks that are whole to `transform`.
    ///
    /// - Returns: as many bytes as went into `transform`.
    mutating func push(
        _ bytes: Span<UInt8>,
        through transform: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Void
    ) -> [UInt8] {
        let total = rest.count + bytes.count
        let kept = keepsLastBlock && total > 0 ? (total - 1) % 16 + 1 : total % 16
        let ready = total - kept
        return unsafe bytes.withUnsafeBytes { bytes in
            guard ready > 0 else {
                unsafe rest.append(contentsOf: bytes)
                return []
            }
            // The first block may lie half in the rest of the last time.
            let head = rest.isEmpty ? 0 : 16
            let taken = head - (rest.isEmpty ? 0 : rest.count)
            // Room for the block that `finalize()` may add.
            let output = unsafe [UInt8](unsafeUninitializedCapacity: ready + 16) { output, count in
                let output = UnsafeMutableRawBufferPointer(output)
                if head > 0 {
                    unsafe rest.append(contentsOf: bytes[..<taken])
                    unsafe rest.withUnsafeBytes { block in
                        unsafe transform(block, UnsafeMutableRawBufferPointer(rebasing: output[..<head]))
                    }
                }
                unsafe transform(
                    UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + ready - head]),
                    UnsafeMutableRawBufferPointer(rebasing: output[head..<ready]))
                count = ready
            }
            unsafe rest = Array(bytes[(taken + ready - head)...])
            return output
        }
    }
}
