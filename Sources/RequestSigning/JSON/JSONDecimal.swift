/// The number that a JSON number's text names, reduced to what printing the nearest double needs.
struct JSONDecimal {
    /// Prints a number in one of the two ways that canonical forms know.
    enum Style {
        /// `repr` of a Python float: `1e+16`, `100.0`, `1e-05`.
        case python
        /// ECMAScript's Number::toString: `10000000000000000`, `100`, `0.00001`, `1e-7`.
        case ecmaScript
    }

    let isNegative: Bool
    /// The significant digits as an integer, without zeros at its end; 0 for zero.
    private(set) var digits: UInt64 = 0
    /// How many they are.
    private(set) var count = 0
    /// The value is 0.*digits* × 10^`point`.
    private(set) var point = 0
    /// There are more digits than `digits` holds.
    private var isCut = false

    /// Doubles tell all decimals of 15 digits apart, so the shortest text of such a one's nearest double is
    /// itself, unless the double is subnormal.
    private var isOwnText: Bool { !isCut && count <= 15 && point > -300 && point < 300 }

    /// Reads the text of a number that has been checked already.
    private init(reading text: UnsafeBufferPointer<UInt8>) {
        isNegative = text.first == UInt8(ascii: "-")
        var seenPoint = false
        var zeros = 0
        var index = isNegative ? 1 : 0
        while index < text.count {
            let byte = text[index]
            index += 1
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                if !seenPoint, count + zeros > 0 || digit > 0 { point += 1 }
                if digit == 0 {
                    if count > 0 { zeros += 1 } else if seenPoint { point -= 1 }
                } else {
                    take(digit, after: zeros)
                    zeros = 0
                }
            } else if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else {
                point += Self.exponent(text, from: index)
                break
            }
        }
        if count == 0 { point = 0 }
    }

    /// Takes a digit that isn't zero, and the zeros before it.
    @inline(__always)
    private mutating func take(_ digit: UInt8, after zeros: Int) {
        guard !isCut, count + zeros < 18 else {
            isCut = true
            return
        }
        for _ in 0..<zeros { digits *= 10 }
        digits = digits * 10 + UInt64(digit)
        count += zeros + 1
    }

    /// The exponent whose text starts at `start`; beyond ±2³² it counts as that, as no text is long enough to
    /// make up for it.
    private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        var value = 0
        while index < text.count {
            value = min(value * 10 + Int(text[index] &- UInt8(ascii: "0")), 1 << 32)
            index += 1
        }
        return isNegative ? -value : value
    }

    /// The shortest decimal that names the double nearest to the number; nil when that is infinite.
    init?(nearestDoubleTo text: UnsafeBufferPointer<UInt8>) {
        self.init(reading: text)
        if isOwnText { return }
        guard let double = nearestDouble(text), double.isFinite else { return nil }
        let negative = isNegative
        let shortest = Array(double.magnitude.description.utf8)
        self = shortest.withUnsafeBufferPointer { JSONDecimal(reading: $0) }
        self = JSONDecimal(isNegative: negative, digits: digits, count: count, point: point)
    }

    private init(isNegative: Bool, digits: UInt64, count: Int, point: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.count = count
        self.point = point
    }

    /// Rounds correctly: 800 digits decide between any two doubles once a 1 stands for whatever follows them.
    private func nearestDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var kept: [UInt8] = []
        var isLonger = false
        for byte in text {
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 {
                if byte | 0x20 == UInt8(ascii: "e") { break }
                continue
            }
            if kept.isEmpty, digit == 0 { continue }
            if kept.count < 800 { kept.append(byte) } else if digit > 0 { isLonger = true }
        }
        if isLonger { kept.append(UInt8(ascii: "1")) }
        return Double(String(decoding: kept, as: UTF8.self) + "e\(point - kept.count)")
    }

    /// Writes the number.
    func write(_ style: Style, to out: inout ByteWriter) {
        if count == 0 {
            if style == .python { out.append(isNegative ? "-0.0" : "0.0") } else { out.append("0") }
            return
        }
        if isNegative { out.append(UInt8(ascii: "-")) }
        let plain = style == .python ? -4 < point && point <= 16 : -6 < point && point <= 21
        if !plain {
            writeDigits(pointBehind: 1, to: &out)
            writeExponent(style, to: &out)
        } else if point <= 0 {
            out.append("0.")
            for _ in 0..<(-point) { out.append(UInt8(ascii: "0")) }
            writeDigits(pointBehind: count, to: &out)
        } else {
            writeDigits(pointBehind: min(point, count), to: &out)
            for _ in 0..<max(point - count, 0) { out.append(UInt8(ascii: "0")) }
            if style == .python, point >= count { out.append(".0") }
        }
    }

    private func writeDigits(pointBehind whole: Int, to out: inout ByteWriter) {
        let length = count > whole ? count + 1 : count
        let place = out.space(length)
        var rest = digits
        var index = length
        while index > 0 {
            index -= 1
            if index == whole {
                place[index] = UInt8(ascii: ".")
            } else {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
        }
        out.advance(by: length)
    }

    /// A double's exponent has three digits at most; Python writes at least two.
    private func writeExponent(_ style: Style, to out: inout ByteWriter) {
        let exponent = point - 1
        out.append(UInt8(ascii: "e"))
        out.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        let size = exponent.magnitude
        if size >= 100 { out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: size / 100)) }
        if size >= 10 || style == .python {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: size / 10 % 10))
        }
        out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: size % 10))
    }
}
