/// An amount, count, price or ratio of the platform: a decimal with at most six places, never a binary fraction.
///
/// Equal values are equal however they were written: `1.5` and `1.50`.
public struct ExactDecimal: Sendable, Hashable {
    /// Sums of 10¹⁴ of the largest values that can be read still fit.
    private var millionths: Int128

    /// How many places there can be after the point.
    public static let mostPlaces = 6
    /// How many digits a text can have, before and after the point together.
    public static let mostDigits = 18

    /// 999999999999999999: where products end.
    private static let largest: Int128 = 999_999_999_999_999_999_000_000

    private init(millionths: Int128) { self.millionths = millionths }

    /// Reads `-?digits[.digits]`; nil for anything else: a sign `+`, an exponent, white space, an empty text, a
    /// point without digits on both sides, more than six places or 18 digits.
    public init?(_ text: some StringProtocol) {
        var value: Int128 = 0
        var digits = 0
        var places: Int?
        var symbols = text.utf8[...]
        let isNegative = symbols.first == UInt8(ascii: "-")
        if isNegative { symbols = symbols.dropFirst() }
        for symbol in symbols {
            if symbol == UInt8(ascii: ".") {
                guard places == nil, digits > 0 else { return nil }
                places = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(symbol) else { return nil }
            value = value * 10 + Int128(symbol - UInt8(ascii: "0"))
            digits += 1
            places = places.map { $0 + 1 }
            if digits > Self.mostDigits || places ?? 0 > Self.mostPlaces { return nil }
        }
        guard digits > 0, places != 0 else { return nil }
        value *= Self.power(Self.mostPlaces - (places ?? 0))
        millionths = isNegative ? -value : value
    }

    /// `units` × 10^−`scale`; scale is 0…6.
    public init(units: Int64, scale: Int) {
        precondition((0...Self.mostPlaces).contains(scale), "a decimal has 0 to 6 places")
        millionths = Int128(units) * Self.power(Self.mostPlaces - scale)
    }

    public init(cents: Int64) { self.init(units: cents, scale: 2) }

    /// The value in hundredths; nil if it has more than two places or is too large.
    public var cents: Int64? {
        let (quotient, remainder) = millionths.quotientAndRemainder(dividingBy: 10_000)
        return remainder == 0 ? Int64(exactly: quotient) : nil
    }

    public var isNegative: Bool { millionths < 0 }

    /// How many places after the point the value needs.
    public var places: Int {
        var places = Self.mostPlaces
        while places > 0, millionths % Self.power(Self.mostPlaces - places + 1) == 0 { places -= 1 }
        return places
    }

    /// The text with `scale` places after the point; with more where the value has more, as no digit is ever
    /// lost here (see ``rounded(scale:)``).
    public func text(scale: Int) -> String {
        let shown = min(max(scale, places), Self.mostPlaces)
        let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let sign = millionths < 0 ? "-" : ""
        if shown <= 0 { return "\(sign)\(whole)" }
        let digits = String(rest)
        let fraction = String(repeating: "0", count: Self.mostPlaces - digits.utf8.count) + digits
        return "\(sign)\(whole).\(fraction.prefix(shown))"
    }

    /// The nearest value with `scale` places; what lies in the middle is rounded away from zero.
    public func rounded(scale: Int) -> ExactDecimal {
        let step = Self.power(Self.mostPlaces - min(max(scale, 0), Self.mostPlaces))
        return ExactDecimal(millionths: Self.quotient(millionths, step) * step)
    }

    /// The product with `scale` places, rounded as in ``rounded(scale:)``; what has more than 18 digits before
    /// the point becomes the largest value of 18.
    public func multiplied(by other: ExactDecimal, scale: Int) -> ExactDecimal {
        let step = Self.power(2 * Self.mostPlaces - min(max(scale, 0), Self.mostPlaces))
        let (product, overflow) = millionths.multipliedReportingOverflow(by: other.millionths)
        let limit = Self.largest
        guard !overflow else {
            return ExactDecimal(millionths: (millionths < 0) == (other.millionths < 0) ? limit : -limit)
        }
        let units = Self.quotient(product, step) * (step / Self.power(Self.mostPlaces))
        return ExactDecimal(millionths: min(max(units, -limit), limit))
    }

    /// Rounds half away from zero.
    private static func quotient(_ value: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        guard remainder.magnitude * 2 >= divisor.magnitude else { return quotient }
        return value < 0 ? quotient - 1 : quotient + 1
    }

    private static func power(_ exponent: Int) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

extension ExactDecimal: AdditiveArithmetic, Comparable {
    public static let zero = ExactDecimal(millionths: 0)

    public static func + (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
        ExactDecimal(millionths: a.millionths + b.millionths)
    }

    public static func - (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
        ExactDecimal(millionths: a.millionths - b.millionths)
    }

    public static prefix func - (a: ExactDecimal) -> ExactDecimal { ExactDecimal(millionths: -a.millionths) }

    public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool { a.millionths < b.millionths }
}

extension ExactDecimal: CustomStringConvertible {
    public var description: String { text(scale: 0) }
}
