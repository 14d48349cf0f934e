/// The two check symbols of a code: a Reed–Solomon code over GF(32), shortened from length 31 to 28.
///
/// The field is GF(2)[α] / (α⁵ + α² + 1), a symbol's value its bits as coefficients; the generator polynomial
/// is g(x) = (x − α)(x − α²) = x² + 6x + 8. The minimum distance is 3, so every one or two wrong symbols are
/// found, and with them every swap of two symbols. Specified in docs/formats/activation-code.md.
///
/// Everything is shifts and masks: no table is indexed by a secret.
struct CheckSymbols {
    /// The remainder so far, highest coefficient first.
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    init() {}

    /// Divides on by g(x): feeds the next symbol, 0…31, of the message.
    @inline(__always)
    mutating func feed(_ symbol: UInt64) {
        let feedback = symbol ^ high
        let doubled = Self.timesAlpha(feedback)
        let quadrupled = Self.timesAlpha(doubled)
        high = low ^ doubled ^ quadrupled
        low = Self.timesAlpha(quadrupled)
    }

    /// The symbols that make the 26 fed before a codeword. After a whole codeword was fed, both are 0.
    var values: (first: UInt64, second: UInt64) { (high, low) }

    /// Multiplies by α: shift, and reduce by 100101₂ where the shift leaves the field.
    @inline(__always)
    private static func timesAlpha(_ value: UInt64) -> UInt64 {
        (value << 1) ^ ((value >> 4) &* 0b100101)
    }
}
