/// Numbers as ECMAScript's Number::toString prints them (ECMA-262, 6.1.6.1.20), which RFC 8785 asks for.
enum ECMAScriptNumber {
    static func write(_ value: Double, into writer: inout CanonicalJSON) {
        precondition(value.isFinite, "JSON has no form for a number that is not finite")
        // Whole numbers whose neighbors are whole too are printed by their digits alone; -0 becomes 0 here.
        if value.magnitude < 0x1p53, value == value.rounded(.towardZero) {
            writer.write(Int64(value))
            return
        }
        if value < 0 { writer.bytes.append(UInt8(ascii: "-")) }
        let (digits, point) = decimal(value.magnitude)
        write(digits: digits, point: point, into: &writer)
    }

    /// The shortest digits that read back as the value, and where the decimal point stands among them.
    ///
    /// Swift's own description has exactly these digits (the closest of the shortest); only its layout
    /// differs.
    private static func decimal(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var characters = magnitude.description.utf8.makeIterator()
        while let character = characters.next() {
            switch character {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                var rest: [UInt8] = []
                while let digit = characters.next() { rest.append(digit) }
                exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
            default: digits.append(character)
            }
        }
        var position = (point ?? digits.count) + exponent
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leadingZeros)
        position -= leadingZeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, position)
    }

    private static func write(digits: [UInt8], point: Int, into writer: inout CanonicalJSON) {
        let zero = UInt8(ascii: "0")
        let dot = UInt8(ascii: ".")
        switch point {
        case digits.count...21 where digits.count <= 21:
            writer.bytes += digits
            writer.bytes += repeatElement(zero, count: point - digits.count)
        case 1...21:
            writer.bytes += digits[..<point]
            writer.bytes.append(dot)
            writer.bytes += digits[point...]
        case -5...0:
            writer.bytes += [zero, dot]
            writer.bytes += repeatElement(zero, count: -point)
            writer.bytes += digits
        default:
            writer.bytes.append(digits[0])
            if digits.count > 1 {
                writer.bytes.append(dot)
                writer.bytes += digits[1...]
            }
            let exponent = point - 1
            writer.bytes += [UInt8(ascii: "e"), UInt8(ascii: exponent < 0 ? "-" : "+")]
            writer.write(Int64(exponent.magnitude))
        }
    }
}
