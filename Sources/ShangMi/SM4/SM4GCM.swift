extension SM4 {
    /// Galois/counter mode (RFC 8998, GB/T 36624-2018): encrypts and authenticates.
    ///
    /// ```swift
    /// let box = try SM4.GCM.seal(message, using: key, authenticating: header)
    /// let message = try SM4.GCM.open(box, using: key, authenticating: header)
    /// ```
    ///
    /// Two messages with one nonce under one key give away both of them and let anybody forge more.
    public enum GCM {
        /// The size of a tag in bytes.
        public static let tagByteCount = 16

        /// Encrypts a message and authenticates it together with further data.
        ///
        /// - Parameters:
        ///   - nonce: another one for every message under this key; random when left out.
        ///   - additional: what is authenticated but not encrypted, and must be at hand to open the box.
        /// - Throws: `ShangMiError.incorrectMessageSize` above 2^36 - 32 bytes.
        public static func seal(
            _ message: Span<UInt8>, using key: Key, nonce: Nonce = Nonce(),
            authenticating additional: Span<UInt8>
        ) throws(ShangMiError) -> SealedBox {
            var core = SM4GCMCore(key.schedule, nonce: nonce.bytes, additional: additional)
            guard core.hasRoom(for: message.count) else { throw .incorrectMessageSize }
            let ciphertext = unsafe SM4.output(message) { unsafe core.encrypt($0, to: $1) }
            return SealedBox(nonce: nonce, ciphertext: ciphertext, trustedTag: SM4.bytes(core.tag()))
        }

        /// Checks a box and decrypts its message.
        ///
        /// - Throws: `ShangMiError.authenticationFailure` when key, nonce, ciphertext, tag and additional data
        ///   don't belong together; nothing of the plaintext comes out then.
        public static func open(
            _ box: SealedBox, using key: Key, authenticating additional: Span<UInt8>
        ) throws(ShangMiError) -> [UInt8] {
            var core = SM4GCMCore(key.schedule, nonce: box.nonce.bytes, additional: additional)
            guard core.hasRoom(for: box.ciphertext.count) else { throw .incorrectMessageSize }
            let plaintext = unsafe SM4.output(box.ciphertext.span) { unsafe core.decrypt($0, to: $1) }
            guard SM4.isEqual(box.tag, core.tag()) else { throw .authenticationFailure }
            return plaintext
        }

        /// The same over arrays.
        public static func seal(
            _ message: [UInt8], using key: Key, nonce: Nonce = Nonce(),
            authenticating additional: [UInt8] = []
        ) throws(ShangMiError) -> SealedBox {
            try seal(message.span, using: key, nonce: nonce, authenticating: additional.span)
        }

        /// The same over arrays.
        public static func open(
            _ box: SealedBox, using key: Key, authenticating additional: [UInt8] = []
        ) throws(ShangMiError) -> [UInt8] {
            try open(box, using: key, authenticating: additional.span)
        }
    }
}
