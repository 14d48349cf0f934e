/// How many digits a number of the platform has, and how many of them stand after the point.
public struct NumberForm: Sendable, Hashable {
    public let digits: Int
    public let places: Int

    public static let amount = NumberForm(digits: 16, places: 2)
    public static let count = NumberForm(digits: 16, places: 4)
    public static let price = NumberForm(digits: 16, places: 6)
    public static let ratio = NumberForm(digits: 5, places: 4)
    public static let age = NumberForm(digits: 4, places: 1)

    /// Nil for an absent, null or empty value.
    func read(_ json: ExactJSON?, _ place: String) throws(FsiError) -> ExactDecimal? {
        guard let json, json != .null, json != .string("") else { return nil }
        guard let number = json.decimal, number.places <= places, holds(number) else {
            throw FsiError(
                .malformedNumber, field: place,
                "a decimal of at most \(digits) digits, \(places) of them after the point, is due")
        }
        return number
    }

    func write(_ number: ExactDecimal) -> ExactJSON { .number(number.text(scale: places)) }

    private func holds(_ number: ExactDecimal) -> Bool {
        let whole = number.text(scale: 0).utf8.prefix { $0 != UInt8(ascii: ".") }
        return whole.count - (number.isNegative ? 1 : 0) <= digits - places
    }
}
