/// The orders in which canonical forms list the names of an object.
enum NameOrder {
    case codePoint
    /// RFC 8785, section 3.2.3.
    case utf16
    /// A–Z count as a–z.
    case caseInsensitive

    /// Negative when `a` stands first, zero when the names are equal, or differ in nothing that counts.
    ///
    /// Bytes of (generalized) UTF-8 sort as their code points do.
    func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
        for index in 0..<min(a.count, b.count) where a[index] != b[index] {
            let difference =
                switch self {
                case .codePoint: Int(a[index]) - Int(b[index])
                case .utf16: Self.utf16Rank(a[index]) - Self.utf16Rank(b[index])
                case .caseInsensitive: Self.lowercase(a[index]) - Self.lowercase(b[index])
                }
            if difference != 0 { return difference }
        }
        return a.count - b.count
    }

    /// Code points from U+10000 are written with surrogates, so they stand before U+E000–U+FFFF, whose
    /// first byte is EE or EF.
    private static func utf16Rank(_ byte: UInt8) -> Int {
        byte == 0xEE || byte == 0xEF ? Int(byte) + 0x10 : Int(byte)
    }

    private static func lowercase(_ byte: UInt8) -> Int {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? Int(byte) + 32 : Int(byte)
    }
}
