/// The calendar of the platform: China Standard Time, UTC+8 all year.
public enum ChinaTime {
    public enum Form: Sendable, Hashable, CaseIterable {
        /// `yyyy-MM-dd`
        case date
        /// `yyyy-MM-dd HH:mm:ss`
        case text
        /// `yyyyMMddHHmmss`
        case compact
        /// `yyyyMMddHHmmssSSS`
        case milliseconds

        fileprivate var shape: [UInt8] {
            switch self {
            case .date: Array("yyyy-MM-dd".utf8)
            case .text: Array("yyyy-MM-dd HH:mm:ss".utf8)
            case .compact: Array("yyyyMMddHHmmss".utf8)
            case .milliseconds: Array("yyyyMMddHHmmssSSS".utf8)
            }
        }
    }

    private static let offset: Int64 = 8 * 3_600_000
    private static let day: Int64 = 86_400_000
    private static let years: ClosedRange<Int64> = 1970...9999
    /// The first and the last instant that can be written, by the clock of China.
    private static let span: Range<Int64> = 0..<253_402_300_800_000

    /// The text of an instant in unix milliseconds; outside the years 1970 to 9999 that of the nearest instant.
    public static func text(_ now: Int64, _ form: Form) -> String {
        let shifted = now.addingReportingOverflow(offset)
        let local = min(max(shifted.overflow ? Int64.max : shifted.partialValue, 0), span.upperBound - 1)
        let (days, rest) = local.quotientAndRemainder(dividingBy: day)
        let (year, month, dayOfMonth) = civil(days)
        let parts: [UInt8: Int64] = [
            UInt8(ascii: "y"): year, UInt8(ascii: "M"): month, UInt8(ascii: "d"): dayOfMonth,
            UInt8(ascii: "H"): rest / 3_600_000, UInt8(ascii: "m"): rest / 60_000 % 60,
            UInt8(ascii: "s"): rest / 1000 % 60, UInt8(ascii: "S"): rest % 1000,
        ]
        var symbols = form.shape
        var left = parts
        for index in symbols.indices.reversed() {
            let place = symbols[index]
            guard let value = left[place] else { continue }
            symbols[index] = UInt8(ascii: "0") + UInt8(value % 10)
            left[place] = value / 10
        }
        return String(decoding: symbols, as: UTF8.self)
    }

    /// Unix milliseconds; nil unless the text has the form and names a time of 1970 to 9999 that exists.
    public static func milliseconds(_ text: some StringProtocol, _ form: Form) -> Int64? {
        let symbols = Array(text.utf8)
        let shape = form.shape
        guard symbols.count == shape.count else { return nil }
        var parts: [UInt8: Int64] = [:]
        for (symbol, place) in zip(symbols, shape) {
            if place == UInt8(ascii: "-") || place == UInt8(ascii: ":") || place == UInt8(ascii: " ") {
                guard symbol == place else { return nil }
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(symbol) else { return nil }
            parts[place] = (parts[place] ?? 0) * 10 + Int64(symbol - UInt8(ascii: "0"))
        }
        func part(_ place: Unicode.Scalar) -> Int64 { parts[UInt8(ascii: place)] ?? 0 }
        let (year, month, dayOfMonth) = (part("y"), part("M"), part("d"))
        let (hour, minute, second) = (part("H"), part("m"), part("s"))
        guard years.contains(year), hour < 24, minute < 60, second < 60, (1...12).contains(month) else {
            return nil
        }
        let days = daysSince1970(year, month, dayOfMonth)
        guard civil(days) == (year, month, dayOfMonth) else { return nil }
        return days * day + hour * 3_600_000 + minute * 60_000 + second * 1000 + part("S") - offset
    }

    /// Counted in years that begin with March, so that the leap day comes last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leapDays + (153 * marchMonth + 2) / 5 + day - 1 - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // A guess from the mean length of a year is off by one at most.
        var year = 1970 + days * 400 / 146_097
        if daysSince1970(year + 1, 1, 1) <= days { year += 1 }
        if daysSince1970(year, 1, 1) > days { year -= 1 }
        var month: Int64 = 12
        while daysSince1970(year, month, 1) > days { month -= 1 }
        return (year, month, days - daysSince1970(year, month, 1) + 1)
    }
}
