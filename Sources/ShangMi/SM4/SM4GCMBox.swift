extension SM4.GCM {
    /// A number used once: 12 bytes as a rule; longer ones are hashed down.
    public struct Nonce: Sendable, Hashable {
        /// As they are sent along with a message.
        public let bytes: [UInt8]

        /// Twelve random bytes: safe for 2^32 messages under one key.
        public init() { bytes = Array(SM4.bytes(SM4.randomBlock()).prefix(12)) }

        /// - Throws: `ShangMiError.incorrectNonceSize` below 12 bytes.
        public init(_ bytes: [UInt8]) throws(ShangMiError) {
            guard bytes.count >= 12 else { throw .incorrectNonceSize }
            self.bytes = bytes
        }
    }

    /// A message that is encrypted and authenticated, with all but the key that it takes to open it.
    public struct SealedBox: Sendable, Hashable {
        public let nonce: Nonce
        /// As long as the message.
        public let ciphertext: [UInt8]
        /// 16 bytes.
        public let tag: [UInt8]

        /// - Throws: `ShangMiError.incorrectTagSize` unless the tag has 16 bytes.
        public init(nonce: Nonce, ciphertext: [UInt8], tag: [UInt8]) throws(ShangMiError) {
            guard tag.count == tagByteCount else { throw .incorrectTagSize }
            self.init(nonce: nonce, ciphertext: ciphertext, trustedTag: tag)
        }

        /// - Parameter combined: a nonce of 12 bytes, the ciphertext and the tag, one behind the other.
        /// - Throws: `ShangMiError.incorrectMessageSize` below 28 bytes.
        public init(combined: [UInt8]) throws(ShangMiError) {
            guard combined.count >= 12 + tagByteCount else { throw .incorrectMessageSize }
            nonce = try Nonce(Array(combined[..<12]))
            ciphertext = Array(combined[12...].dropLast(tagByteCount))
            tag = Array(combined.suffix(tagByteCount))
        }

        init(nonce: Nonce, ciphertext: [UInt8], trustedTag tag: [UInt8]) {
            self.nonce = nonce
            self.ciphertext = ciphertext
            self.tag = tag
        }

        /// Nonce, ciphertext and tag one behind the other; nil with a nonce that hasn't 12 bytes, whose end
        /// nobody could find.
        public var combined: [UInt8]? {
            nonce.bytes.count == 12 ? nonce.bytes + ciphertext + tag : nil
        }
    }
}
