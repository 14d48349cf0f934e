extension SM2 {
    /// A number d of 1…n - 2, in memory that is wiped with the last copy of the key; prints as “redacted”.
    public struct PrivateKey<Use: KeyUse>: Sendable {
        let material: PrivateKeyMaterial

        init(_ material: PrivateKeyMaterial) { self.material = material }

        /// A new key from the system's random generator.
        public init() { material = PrivateKeyMaterial(.random(through: Scalar.highestPrivateKey)) }

        /// - Parameter rawRepresentation: 32 bytes, the most significant first, or 33 of which the first is 0,
        ///   as big-number libraries write them; refused with `invalidPrivateKey` unless 1…n - 2.
        public init(rawRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
            var bytes = Array(rawRepresentation)
            defer { bytes.wipe() }
            let start = bytes.count - UInt256.byteCount
            guard start == 0 || (start == 1 && bytes[0] == 0) else { throw .invalidPrivateKey }
            let value = UInt256(bigEndian: bytes.span.extracting(start..<bytes.count))
            material = try PrivateKeyMaterial(checking: value)
        }

        /// d, 32 bytes, the most significant first. The caller's to guard.
        public var rawRepresentation: [UInt8] { material.scalar.value.bytes }

        public var publicKey: PublicKey<Use> { PublicKey(material.publicKey) }
    }
}

extension SM2.PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SM2.PrivateKey(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
