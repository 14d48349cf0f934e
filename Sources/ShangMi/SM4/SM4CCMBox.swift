extension SM4.CCM {
    /// A number used once, of 7…13 bytes.
    public struct Nonce: Sendable, Hashable {
        /// As they are sent along with a message.
        public let bytes: [UInt8]

        /// Twelve random bytes, which leave messages up to 2^24 - 1 bytes.
        public init() { bytes = Array(SM4.bytes(SM4.randomBlock()).prefix(12)) }

        /// - Throws: `ShangMiError.incorrectNonceSize` unless there are 7…13 bytes.
        public init(_ bytes: [UInt8]) throws(ShangMiError) {
            guard (7...13).contains(bytes.count) else { throw .incorrectNonceSize }
            self.bytes = bytes
        }
    }

    /// A message that is encrypted and authenticated, with all but the key that it takes to open it.
    public struct SealedBox: Sendable, Hashable {
        static let tagByteCounts = [4, 6, 8, 10, 12, 14, 16]

        public let nonce: Nonce
        /// As long as the message.
        public let ciphertext: [UInt8]
        public let tag: [UInt8]

        /// - Throws: `ShangMiError.incorrectTagSize` unless the tag has an even number of 4…16 bytes.
        public init(nonce: Nonce, ciphertext: [UInt8], tag: [UInt8]) throws(ShangMiError) {
            guard Self.tagByteCounts.contains(tag.count) else { throw .incorrectTagSize }
            self.init(nonce: nonce, ciphertext: ciphertext, trustedTag: tag)
        }

        init(nonce: Nonce, ciphertext: [UInt8], trustedTag tag: [UInt8]) {
            self.nonce = nonce
            self.ciphertext = ciphertext
            self.tag = tag
        }
    }
}
