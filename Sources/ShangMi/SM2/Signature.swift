extension SM2.Signing {
    /// A pair (r, s) of numbers of 256 bits, whose range only verification judges.
    public struct Signature: Sendable, Hashable {
        let r: UInt256
        let s: UInt256

        package init(r: UInt256, s: UInt256) { (self.r, self.s) = (r, s) }

        /// r and s, 32 bytes each, the most significant first; refused with `invalidSignatureEncoding` unless
        /// 64 bytes.
        public init(rawRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
            let bytes = Array(rawRepresentation)
            guard bytes.count == 64 else { throw .invalidSignatureEncoding }
            r = UInt256(bigEndian: bytes.span.extracting(0..<32))
            s = UInt256(bigEndian: bytes.span.extracting(32..<64))
        }

        /// The DER of `SEQUENCE { r INTEGER, s INTEGER }` (GM/T 0009-2012, 7.3).
        ///
        /// Every signature has one encoding: integers with a zero too many or too few, negative ones, lengths
        /// in a longer form and bytes left over are refused with `invalidSignatureEncoding`.
        public init(derRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
            do {
                var outer = DERReader(Array(derRepresentation))
                var pair = try outer.sequence()
                r = try pair.integer()
                s = try pair.integer()
                try pair.finish()
                try outer.finish()
            } catch {
                throw .invalidSignatureEncoding
            }
        }

        public var rawRepresentation: [UInt8] { r.bytes + s.bytes }

        public var derRepresentation: [UInt8] { DER.sequence(DER.integer(r), DER.integer(s)) }
    }
}
