extension SM4 {
    /// Cipher block chaining (GB/T 17964-2021, 6): for protocols that ask for it.
    ///
    /// Nothing here notices a changed ciphertext, and a server that tells a wrong padding from other errors
    /// gives its plaintexts away: authenticate the ciphertext, or take ``GCM``.
    public enum CBC {
        /// A whole message.
        ///
        /// - Parameter iv: random, another one for every message.
        /// - Returns: the ciphertext without the iv: 1…16 bytes longer than the plaintext with PKCS#7, else
        ///   as long.
        /// - Throws: `ShangMiError.incorrectMessageSize` when nothing is to be padded and the plaintext isn't
        ///   whole blocks.
        public static func encrypt(
            _ plaintext: Span<UInt8>, using key: Key, iv: IV, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            var encryptor = Encryptor(using: key, iv: iv, padding: padding)
            var ciphertext = encryptor.update(plaintext)
            ciphertext += try encryptor.finalize()
            return ciphertext
        }

        /// A whole message back.
        ///
        /// - Throws: `ShangMiError.incorrectMessageSize` when the ciphertext isn't whole blocks (at least one
        ///   with PKCS#7), `ShangMiError.invalidPadding` for whatever is wrong with the padding.
        public static func decrypt(
            _ ciphertext: Span<UInt8>, using key: Key, iv: IV, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            var decryptor = Decryptor(using: key, iv: iv, padding: padding)
            var plaintext = decryptor.update(ciphertext)
            plaintext += try decryptor.finalize()
            return plaintext
        }

        /// The same over arrays.
        public static func encrypt(
            _ plaintext: [UInt8], using key: Key, iv: IV, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            try encrypt(plaintext.span, using: key, iv: iv, padding: padding)
        }

        /// The same over arrays.
        public static func decrypt(
            _ ciphertext: [UInt8], using key: Key, iv: IV, padding: Padding = .pkcs7
        ) throws(ShangMiError) -> [UInt8] {
            try decrypt(ciphertext.span, using: key, iv: iv, padding: padding)
        }
    }
}
