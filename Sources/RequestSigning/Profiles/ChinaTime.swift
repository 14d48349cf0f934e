/// `yyyy-MM-dd HH:mm:ss` in China Standard Time: UTC+8, without summer time.
enum ChinaTime {
    private static let offset: Int64 = 8 * 3600
    /// The digits' places in the text; what stands between them is fixed.
    private static let shape = Array("0000-00-00 00:00:00".utf8)

    /// Unix seconds; nil unless the text is a date of the years 1970–9999 that exists.
    static func seconds(_ text: String) -> Int64? {
        let symbols = Array(text.utf8)
        guard symbols.count == shape.count,
            zip(symbols, shape).allSatisfy({ $1 == UInt8(ascii: "0") ? FieldName.isDigit($0) : $0 == $1 })
        else { return nil }
        func number(_ places: Range<Int>) -> Int64 {
            symbols[places].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        }
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard hour < 24, minute < 60, second < 60,
            let day = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))?.daysSince1970
        else { return nil }
        return day * 86_400 + hour * 3600 + minute * 60 + second - offset
    }

    /// The text of a unix second; nil outside the years 1970–9999.
    static func text(_ seconds: Int64) -> String? {
        guard (-offset..<253_402_300_800 - offset).contains(seconds) else { return nil }
        let local = seconds + offset
        let date = CivilDate(daysSince1970: local / 86_400)
        let time = local % 86_400
        let clock = [time / 3600, time / 60 % 60, time % 60].map { padded($0, 2) }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2)) "
            + clock.joined(separator: ":")
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
