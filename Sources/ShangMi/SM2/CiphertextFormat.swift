extension SM2.Encryption {
    /// How C1 (a point), C2 (as long as the plaintext) and C3 (a hash of 32 bytes) are put together.
    public enum Format: Sendable, CaseIterable {
        /// C1 ‖ C3 ‖ C2, as GB/T 32918.4 has it since 2016; the point begins with 04, 02 or 03.
        case c1c3c2
        /// C1 ‖ C2 ‖ C3, the order of 2010, which older software still makes.
        case c1c2c3
        /// The DER of `SEQUENCE { x, y INTEGER, C3, C2 OCTET STRING }` (GM/T 0009-2012, 7.2).
        case asn1
        /// C1 ‖ C3 ‖ C2 with the bare 64 bytes of the point's coordinates, without the 04.
        case bareC1C3C2
        /// C1 ‖ C2 ‖ C3 with the bare 64 bytes of the point's coordinates, without the 04.
        case bareC1C2C3

        var hasPointPrefix: Bool { self == .c1c3c2 || self == .c1c2c3 }

        var hashIsLast: Bool { self == .c1c2c3 || self == .bareC1C2C3 }
    }
}
