/// The alphabet of activation codes: Crockford's Base32, 32 symbols without I, L, O and U.
///
/// Source: Douglas Crockford, "Base 32", https://www.crockford.com/base32.html
enum CodeSymbols {
    /// ASCII of the symbol for each value 0…31.
    static let ascii = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// What a typed character means.
    enum Reading {
        case value(UInt8)
        case separator
        case unknown
    }

    /// Reads one typed character: either case, O as 0, I and L as 1, and the full-width forms that Chinese
    /// and Japanese input methods produce.
    static func read(_ scalar: Unicode.Scalar) -> Reading {
        switch scalar.value {
        case 0x00...0x7F:
            return read(ascii: UInt8(scalar.value))
        case 0xFF01...0xFF5E:
            return read(ascii: UInt8(scalar.value - 0xFEE0))
        case 0xA0, 0x2000...0x200A, 0x202F, 0x3000:  // spaces: no-break, typographic, ideographic
            return .separator
        case 0x2010...0x2015, 0x2212:  // hyphens, dashes, minus
            return .separator
        default:
            return .unknown
        }
    }

    private static func read(ascii character: UInt8) -> Reading {
        switch character {
        case UInt8(ascii: " "), UInt8(ascii: "-"), 0x09, 0x0A, 0x0D:
            return .separator
        default:
            let value = values[Int(character)]
            return value < 32 ? .value(value) : .unknown
        }
    }

    /// The value of each ASCII character, 255 where it has none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 128)
        for (value, character) in ascii.enumerated() {
            values[Int(character)] = UInt8(value)
            if character >= UInt8(ascii: "A") { values[Int(character | 0x20)] = UInt8(value) }
        }
        for character in "oO".utf8 { values[Int(character)] = 0 }
        for character in "iIlL".utf8 { values[Int(character)] = 1 }
        return values
    }()
}
