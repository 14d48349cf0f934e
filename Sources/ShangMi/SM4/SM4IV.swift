extension SM4 {
    /// The 16 bytes a message starts with: the initialization vector of ``CBC``, or the first counter block
    /// of ``CTR``.
    ///
    /// Not secret. For CBC it must be random in every message; for CTR no counter block may come up twice
    /// under one key, in this message or another.
    public struct IV: Sendable, Hashable {
        /// The size in bytes.
        public static let byteCount = 16

        let block: SIMD16<UInt8>

        /// Sixteen random bytes.
        public init() { block = SM4.randomBlock() }

        /// - Throws: `ShangMiError.incorrectNonceSize` unless there are 16 bytes.
        public init(_ bytes: Span<UInt8>) throws(ShangMiError) {
            guard bytes.count == Self.byteCount else { throw .incorrectNonceSize }
            var block = SIMD16<UInt8>()
            for index in 0..<Self.byteCount { block[index] = bytes[index] }
            self.block = block
        }

        /// The same from an array.
        public init(_ bytes: [UInt8]) throws(ShangMiError) {
            try self.init(bytes.span)
        }

        /// The 16 bytes, as they are sent along with a message.
        public var bytes: [UInt8] { SM4.bytes(block) }
    }
}
