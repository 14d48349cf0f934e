extension SM4.GCM {
    /// A message that is sealed piece by piece.
    public struct Sealer: Sendable {
        private var core: SM4GCMCore

        /// - Parameters:
        ///   - nonce: another one for every message under this key.
        ///   - additional: what is authenticated but not encrypted.
        public init(using key: SM4.Key, nonce: Nonce, authenticating additional: [UInt8] = []) {
            core = SM4GCMCore(key.schedule, nonce: nonce.bytes, additional: additional.span)
        }

        /// - Returns: as many bytes of ciphertext.
        /// - Throws: `ShangMiError.incorrectMessageSize` when the whole goes above 2^36 - 32 bytes.
        public mutating func update(_ piece: Span<UInt8>) throws(ShangMiError) -> [UInt8] {
            guard core.hasRoom(for: piece.count) else { throw .incorrectMessageSize }
            return unsafe SM4.output(piece) { unsafe core.encrypt($0, to: $1) }
        }

        /// - Returns: the tag over all pieces, 16 bytes.
        public consuming func finalize() -> [UInt8] { SM4.bytes(core.tag()) }
    }

    /// A message that is opened piece by piece.
    ///
    /// What `update` returns is **not verified**: anybody may have written it. Keep it to yourself (act on
    /// nothing, show nothing) until `finalize` has returned, and throw it away when that throws. Where the
    /// message fits into memory take `open`, which has no such window.
    public struct Opener: Sendable {
        private var core: SM4GCMCore

        public init(using key: SM4.Key, nonce: Nonce, authenticating additional: [UInt8] = []) {
            core = SM4GCMCore(key.schedule, nonce: nonce.bytes, additional: additional.span)
        }

        /// - Returns: as many bytes of plaintext, **not verified** yet.
        /// - Throws: `ShangMiError.incorrectMessageSize` when the whole goes above 2^36 - 32 bytes.
        public mutating func update(_ piece: Span<UInt8>) throws(ShangMiError) -> [UInt8] {
            guard core.hasRoom(for: piece.count) else { throw .incorrectMessageSize }
            return unsafe SM4.output(piece) { unsafe core.decrypt($0, to: $1) }
        }

        /// Returns when all pieces are what the sealer made.
        ///
        /// - Throws: `ShangMiError.incorrectTagSize` unless the tag has 16 bytes,
        ///   `ShangMiError.authenticationFailure` when it belongs to something else.
        public consuming func finalize(tag: [UInt8]) throws(ShangMiError) {
            guard tag.count == tagByteCount else { throw .incorrectTagSize }
            guard SM4.isEqual(tag, core.tag()) else { throw .authenticationFailure }
        }
    }
}
