extension SM4 {
    /// A key of 16 bytes, expanded and ready for use; its bytes are overwritten with its last copy.
    ///
    /// Prints as “redacted”. Copies share one expansion, so passing a key on costs nothing.
    public struct Key: Sendable {
        /// The size of a key in bytes.
        public static let byteCount = 16

        let schedule: SM4Schedule

        /// A key from its bytes.
        ///
        /// - Throws: `ShangMiError.incorrectKeySize` unless there are 16.
        public init(_ bytes: Span<UInt8>) throws(ShangMiError) {
            try self.init(bytes, path: .preferred)
        }

        /// The same from an array, which stays the caller's to wipe.
        public init(_ bytes: [UInt8]) throws(ShangMiError) {
            try self.init(bytes.span, path: .preferred)
        }

        /// A key from the system's random numbers.
        public init() {
            var source = SystemRandomNumberGenerator()
            let words = (source.next(), source.next())
            schedule = unsafe withUnsafeBytes(of: words) { unsafe SM4Schedule(key: $0, path: .preferred) }
        }

        /// The same key for one path of this library, for tests and measurements of both.
        package init(_ bytes: Span<UInt8>, path: ShangMi.Path) throws(ShangMiError) {
            guard bytes.count == Self.byteCount else { throw .incorrectKeySize }
            schedule = unsafe bytes.withUnsafeBytes { unsafe SM4Schedule(key: $0, path: path) }
        }

        /// One block through the bare cipher.
        public func encrypt(block: SIMD16<UInt8>) -> SIMD16<UInt8> {
            schedule.crypt(block, decrypting: false)
        }

        /// One block back.
        public func decrypt(block: SIMD16<UInt8>) -> SIMD16<UInt8> {
            schedule.crypt(block, decrypting: true)
        }
    }
}

extension SM4.Key: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SM4.Key(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
