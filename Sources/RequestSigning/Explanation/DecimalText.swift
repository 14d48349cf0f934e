/// A JSON number taken apart: ± 0.d₁d₂d₃… × 10^point, without zeros at either end.
struct DecimalText {
    let isNegative: Bool
    /// Digits from the first to the last that isn't zero; none for zero.
    let digits: [UInt8]
    /// How many digits stand before the point; may be negative.
    let point: Int

    /// Nil for what is no JSON number, or has an exponent of more than four digits.
    init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(fraction.count + 1)
        }
        var exponent = 0
        if let mark = rest.first {
            let written = String(decoding: rest.dropFirst(), as: UTF8.self)
            guard mark | 0x20 == UInt8(ascii: "e"), written.utf8.count <= 5, let value = Int(written) else {
                return nil
            }
            exponent = value
        }
        guard !whole.isEmpty else { return nil }
        let all = Array(whole) + fraction
        let leading = all.prefix { $0 == 0x30 }.count
        var significant = all.dropFirst(leading)
        while significant.last == 0x30 { significant = significant.dropLast() }
        digits = Array(significant)
        point = significant.isEmpty ? 0 : whole.count - leading + exponent
    }

    /// The shortest digits that read back as the same double.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        self.init("\(number)")
    }

    /// Without an exponent, with at least so many places after the point; nil where that takes over 400
    /// characters.
    func plain(places: Int = 0) -> String? {
        guard abs(point) < 400 else { return nil }
        var whole = digits.prefix(max(point, 0))
        whole += Array(repeating: 0x30, count: max(point, 0) - whole.count)
        var fraction = Array(repeating: UInt8(0x30), count: digits.isEmpty ? 0 : max(-point, 0))
        fraction += digits.dropFirst(max(point, 0))
        fraction += Array(repeating: 0x30, count: max(0, places - fraction.count))
        let text = String(decoding: whole.isEmpty ? [0x30] : whole, as: UTF8.self)
        let sign = isNegative ? "-" : ""
        return sign + text + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    }

    /// `d.ddd` and what follows the exponent's letter, for the many ways of writing the two together.
    var scientific: (mantissa: String, exponent: Int) {
        let first = String(decoding: digits.prefix(1), as: UTF8.self)
        let others = String(decoding: digits.dropFirst(), as: UTF8.self)
        return ((isNegative ? "-" : "") + first + (others.isEmpty ? "" : "." + others), point - 1)
    }
}
