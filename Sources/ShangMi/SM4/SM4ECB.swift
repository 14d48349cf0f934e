extension SM4 {
    /// Every block for itself: **legacy**, for data that exists and devices that know nothing else.
    ///
    /// Equal blocks stay equal in the ciphertext, and blocks can be moved and left out unnoticed.
    public enum ECB {
        /// A whole message.
        ///
        /// - Throws: `ShangMiError.incorrectMessageSize` when nothing is to be padded and the plaintext isn't
        ///   whole blocks.
        public static func encrypt(
            _ plaintext: Span<UInt8>, using key: Key, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            let rest = plaintext.count % blockByteCount
            guard padding == .pkcs7 || rest == 0 else { throw .incorrectMessageSize }
            let whole = plaintext.extracting(..<(plaintext.count - rest))
            var ciphertext = unsafe SM4.output(whole) { input, output in
                unsafe key.schedule.crypt(input, to: output, decrypting: false)
            }
            guard padding == .pkcs7 else { return ciphertext }
            let last = Padding.lastBlock(of: plaintext.extracting((plaintext.count - rest)...))
            ciphertext += SM4.bytes(key.schedule.crypt(last, decrypting: false))
            return ciphertext
        }

        /// A whole message back.
        ///
        /// - Throws: `ShangMiError.incorrectMessageSize` when the ciphertext isn't whole blocks (at least one
        ///   with PKCS#7), `ShangMiError.invalidPadding` for whatever is wrong with the padding.
        public static func decrypt(
            _ ciphertext: Span<UInt8>, using key: Key, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            let isShort = padding == .pkcs7 && ciphertext.isEmpty
            guard ciphertext.count % blockByteCount == 0, !isShort else { throw .incorrectMessageSize }
            var plaintext = unsafe SM4.output(ciphertext) { input, output in
                unsafe key.schedule.crypt(input, to: output, decrypting: true)
            }
            guard padding == .pkcs7 else { return plaintext }
            let last = SIMD16(plaintext.suffix(blockByteCount))
            guard let padded = Padding.byteCount(in: last) else { throw .invalidPadding }
            plaintext.removeLast(padded)
            return plaintext
        }

        /// The same over arrays.
        public static func encrypt(
            _ plaintext: [UInt8], using key: Key, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            try encrypt(plaintext.span, using: key, padding: padding)
        }

        /// The same over arrays.
        public static func decrypt(
            _ ciphertext: [UInt8], using key: Key, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            try decrypt(ciphertext.span, using: key, padding: padding)
        }
    }
}
