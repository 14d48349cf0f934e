extension SM2 {
    /// A point of the curve that is never infinity: 64 bytes of coordinates.
    public struct PublicKey<Use: KeyUse>: Sendable {
        let material: PublicKeyMaterial

        init(_ material: PublicKeyMaterial) { self.material = material }

        /// The two coordinates, 32 bytes each; refused with `invalidPoint` unless they are those of a point.
        public init(rawRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
            let bytes = Array(rawRepresentation)
            guard bytes.count == 64 else { throw .invalidPoint }
            self.init(PublicKeyMaterial(try AffinePoint(encoded: [0x04] + bytes)))
        }

        /// 04 and two coordinates, 65 bytes (GB/T 32918.1, 4.2.9).
        public init(x963Representation: some Sequence<UInt8>) throws(ShangMiError) {
            let bytes = Array(x963Representation)
            guard bytes.count == 65 else { throw .invalidPoint }
            self.init(PublicKeyMaterial(try AffinePoint(encoded: bytes)))
        }

        /// 02 or 03, the parity of y, and the x coordinate, 33 bytes.
        public init(compressedRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
            let bytes = Array(compressedRepresentation)
            guard bytes.count == 33 else { throw .invalidPoint }
            self.init(PublicKeyMaterial(try AffinePoint(encoded: bytes)))
        }

        public var rawRepresentation: [UInt8] { Array(x963Representation.dropFirst()) }

        public var x963Representation: [UInt8] { material.encoded(compressed: false) }

        public var compressedRepresentation: [UInt8] { material.encoded(compressed: true) }
    }
}

extension SM2.PublicKey: Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.material.point.equals(b.material.point) }

    public func hash(into hasher: inout Hasher) { hasher.combine(rawRepresentation) }
}
