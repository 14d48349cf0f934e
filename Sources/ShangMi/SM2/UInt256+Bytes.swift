extension UInt256 {
    package static let byteCount = 32

    /// - Parameter bytes: exactly 32, the most significant first.
    package init(bigEndian bytes: Span<UInt8>) {
        precondition(bytes.count == Self.byteCount, "32 bytes make a number of 256 bits")
        self.init(
            Self.word(bytes, at: 24), Self.word(bytes, at: 16), Self.word(bytes, at: 8),
            Self.word(bytes, at: 0))
    }

    /// The 32 bytes, the most significant first.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    package func append(to bytes: inout [UInt8]) {
        withBigEndianBytes { span in
            for index in span.indices { bytes.append(span[index]) }
        }
    }

    /// Lends the 32 bytes, the most significant first, without an allocation.
    @inline(__always)
    func withBigEndianBytes(_ body: (Span<UInt8>) -> Void) {
        let words = SIMD4(w3.bigEndian, w2.bigEndian, w1.bigEndian, w0.bigEndian)
        unsafe withUnsafeBytes(of: words) { buffer in
            let bytes = unsafe Span<UInt8>(_unsafeBytes: buffer)
            body(bytes)
        }
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<start + 8 { word = word &<< 8 | UInt64(bytes[index]) }
        return word
    }
}
