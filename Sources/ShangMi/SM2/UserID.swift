extension SM2 {
    /// Who signs or agrees: bytes that go into the hash with the public key (GB/T 32918.2, 5.5).
    ///
    /// Both sides must use the same bytes; nearly everybody uses the default of GM/T 0009.
    public struct UserID: Sendable, Hashable {
        public let bytes: [UInt8]

        private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

        /// `1234567812345678` (GM/T 0009-2012, clause 10).
        public static let `default` = UserID(unchecked: Array("1234567812345678".utf8))

        /// - Parameter bytes: at most 8191, else `incorrectUserIDSize`; none is allowed.
        public init(_ bytes: some Sequence<UInt8>) throws(ShangMiError) {
            let bytes = Array(bytes)
            guard bytes.count * 8 <= Int(UInt16.max) else { throw .incorrectUserIDSize }
            self.init(unchecked: bytes)
        }

        /// The text's UTF-8.
        public init(_ text: String) throws(ShangMiError) { try self.init(Array(text.utf8)) }
    }
}
