extension SM4.CBC {
    /// A message that is encrypted piece by piece.
    ///
    /// The pieces that come out, in order and with `finalize()`'s, are what `encrypt` gives for the whole.
    public struct Encryptor: Sendable {
        private let schedule: SM4Schedule
        private let padding: SM4.Padding
        private var chain: SIMD16<UInt8>
        private var queue = SM4BlockQueue(keepsLastBlock: false)

        /// - Parameter iv: random, another one for every message.
        public init(using key: SM4.Key, iv: SM4.IV, padding: SM4.Padding = .pkcs7) {
            schedule = key.schedule
            self.padding = padding
            chain = iv.block
        }

        /// - Returns: the ciphertext of all blocks that are complete now; may be empty.
        public mutating func update(_ plaintext: Span<UInt8>) -> [UInt8] {
            unsafe queue.push(plaintext) { input, output in
                unsafe schedule.encryptChain(input, to: output, chain: &chain)
            }
        }

        /// - Returns: the last block with PKCS#7, else nothing.
        /// - Throws: `ShangMiError.incorrectMessageSize` when nothing is to be padded and a block is begun.
        public consuming func finalize() throws(ShangMiError) -> [UInt8] {
            switch padding {
            case .none:
                guard queue.rest.isEmpty else { throw .incorrectMessageSize }
                return []
            case .pkcs7:
                let last = SM4.Padding.lastBlock(of: queue.rest.span) ^ chain
                return SM4.bytes(schedule.crypt(last, decrypting: false))
            }
        }
    }

    /// A message that is decrypted piece by piece; the last block waits for `finalize()`.
    public struct Decryptor: Sendable {
        private let schedule: SM4Schedule
        private let padding: SM4.Padding
        private var chain: SIMD16<UInt8>
        private var queue: SM4BlockQueue

        public init(using key: SM4.Key, iv: SM4.IV, padding: SM4.Padding = .pkcs7) {
            schedule = key.schedule
            self.padding = padding
            chain = iv.block
            queue = SM4BlockQueue(keepsLastBlock: padding == .pkcs7)
        }

        /// - Returns: the plaintext of all blocks that are complete now and surely not the last; may be empty.
        public mutating func update(_ ciphertext: Span<UInt8>) -> [UInt8] {
            unsafe queue.push(ciphertext) { input, output in
                unsafe schedule.decryptChain(input, to: output, chain: &chain)
            }
        }

        /// - Returns: the end of the plaintext, without its padding.
        /// - Throws: `ShangMiError.incorrectMessageSize` when the stream wasn't whole blocks,
        ///   `ShangMiError.invalidPadding` for whatever is wrong with the padding.
        public consuming func finalize() throws(ShangMiError) -> [UInt8] {
            switch padding {
            case .none:
                guard queue.rest.isEmpty else { throw .incorrectMessageSize }
                return []
            case .pkcs7:
                guard let last = SM4.block(queue.rest) else { throw .incorrectMessageSize }
                let block = schedule.crypt(last, decrypting: true) ^ chain
                guard let padded = SM4.Padding.byteCount(in: block) else { throw .invalidPadding }
                return SM4.bytes(block).dropLast(padded)
            }
        }
    }
}
