extension SM3 {
    /// KDF, the key derivation function of GB/T 32918.4-2016, 5.4.3.
    ///
    /// - Parameters:
    ///   - secret: the shared secret Z.
    ///   - outputByteCount: 0 and up; the standard ends at 32 × (2^32 - 1) bytes.
    /// - Returns: the first bytes of SM3(Z ‖ 1) ‖ SM3(Z ‖ 2) ‖ …, counters of 32 bits, big-endian.
    public static func deriveKey(from secret: Span<UInt8>, outputByteCount: Int) -> [UInt8] {
        precondition(
            outputByteCount >= 0 && outputByteCount <= byteCount * Int(UInt32.max),
            "a key of this size can't be derived")
        var started = SM3()
        started.update(secret)
        var output: [UInt8] = []
        output.reserveCapacity(outputByteCount)
        var counter: UInt32 = 1
        while output.count < outputByteCount {
            var hasher = started
            unsafe withUnsafeBytes(of: counter.bigEndian) { unsafe hasher.update(bufferPointer: $0) }
            output.append(contentsOf: hasher.finalize().prefix(outputByteCount - output.count))
            counter &+= 1
        }
        return output
    }

    /// The same over an array.
    public static func deriveKey(from secret: [UInt8], outputByteCount: Int) -> [UInt8] {
        deriveKey(from: secret.span, outputByteCount: outputByteCount)
    }
}
