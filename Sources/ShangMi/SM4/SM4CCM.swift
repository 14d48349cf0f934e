extension SM4 {
    /// Counter mode with CBC-MAC (RFC 3610, RFC 8998): encrypts and authenticates, for protocols that ask for
    /// it; ``GCM`` is quicker.
    ///
    /// Two messages with one nonce under one key give away their difference.
    public enum CCM {
        /// Encrypts a message and authenticates it together with further data.
        ///
        /// - Parameters:
        ///   - nonce: another one for every message under this key; random when left out. The longer it is,
        ///     the shorter is the longest message: 2^(8 × (15 - nonce bytes)) - 1 bytes.
        ///   - additional: what is authenticated but not encrypted, and must be at hand to open the box.
        ///   - tagByteCount: 4, 6, 8, 10, 12, 14 or 16.
        /// - Throws: `ShangMiError.incorrectTagSize`, or `ShangMiError.incorrectMessageSize` when the message
        ///   is too long for the nonce.
        public static func seal(
            _ message: Span<UInt8>, using key: Key, nonce: Nonce = Nonce(),
            authenticating additional: Span<UInt8>, tagByteCount: Int = 16
        ) throws(ShangMiError) -> SealedBox {
            guard SealedBox.tagByteCounts.contains(tagByteCount) else { throw .incorrectTagSize }
            let core = SM4CCMCore(key.schedule, nonce: nonce.bytes, tagByteCount: tagByteCount)
            guard core.hasRoom(for: message.count) else { throw .incorrectMessageSize }
            let tag = core.tag(of: message, additional: additional)
            let ciphertext = core.apply(to: message)
            return SealedBox(
                nonce: nonce, ciphertext: ciphertext, trustedTag: Array(SM4.bytes(tag)[..<tagByteCount]))
        }

        /// Checks a box and decrypts its message.
        ///
        /// - Throws: `ShangMiError.authenticationFailure` when key, nonce, ciphertext, tag and additional data
        ///   don't belong together; nothing of the plaintext comes out then.
        public static func open(
            _ box: SealedBox, using key: Key, authenticating additional: Span<UInt8>
        ) throws(ShangMiError) -> [UInt8] {
            let core = SM4CCMCore(key.schedule, nonce: box.nonce.bytes, tagByteCount: box.tag.count)
            guard core.hasRoom(for: box.ciphertext.count) else { throw .incorrectMessageSize }
            let plaintext = core.apply(to: box.ciphertext.span)
            let tag = core.tag(of: plaintext.span, additional: additional)
            guard SM4.isEqual(box.tag, tag) else { throw .authenticationFailure }
            return plaintext
        }

        /// The same over arrays.
        public static func seal(
            _ message: [UInt8], using key: Key, nonce: Nonce = Nonce(),
            authenticating additional: [UInt8] = [],
            tagByteCount: Int = 16
        ) throws(ShangMiError) -> SealedBox {
            try seal(
                message.span, using: key, nonce: nonce, authenticating: additional.span,
                tagByteCount: tagByteCount)
        }

        /// The same over arrays.
        public static func open(
            _ box: SealedBox, using key: Key, authenticating additional: [UInt8] = []
        ) throws(ShangMiError) -> [UInt8] {
            try open(box, using: key, authenticating: additional.span)
        }
    }
}
