public import Foundation

/// A length of time for which something is valid: `72h`, `30m`, `45s`, `90d`, `2w`, or an ISO 8601 duration
/// such as `P90D`, `PT72H`, `P1Y2M`, `P1DT12H`.
///
/// In the short form `m` is minutes. Months and years are the calendar's. More than nothing, at most 100
/// years (measured from 2000-01-01). Written as an ISO 8601 duration.
public struct ValidityPeriod: Sendable, Hashable, CustomStringConvertible {
    private let months: Int64
    private let days: Int64
    private let seconds: Int64

    /// - Returns: `nil` for zero, for more than 100 years, for fractions, and for anything that isn't one of
    ///   the forms.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 64 else { return nil }
        let isISO8601 = bytes.first == UInt8(ascii: "P")
        guard let parts = isISO8601 ? Self.durationParts(bytes.dropFirst()) : Self.shortParts(bytes[...])
        else {
            return nil
        }
        self.init(parts)
    }

    /// For constants; the caller vouches for the range.
    init(hours: Int64) {
        (months, days, seconds) = (0, 0, hours * 3600)
    }

    private init?(_ parts: Parts) {
        (months, days, seconds) = (parts.months, parts.days, parts.seconds)
        let start = UTCTime.day(year: 2000, month: 1, day: 1) * UTCTime.millisecondsPerDay
        let latest = UTCTime.day(year: 2100, month: 1, day: 1) * UTCTime.millisecondsPerDay
        // Each part alone is bounded first, so that the sum can't overflow.
        guard months <= 1_200, days <= 36_525, seconds <= 36_525 * 86_400 else { return nil }
        guard start + 1...latest ~= milliseconds(after: start) else { return nil }
    }

    /// The instant this long after `start`: first the months, clamped to the month's end, then days and
    /// seconds. 2024-01-31 and one month is 2024-02-29. UTC, whole milliseconds.
    public func date(after start: Date) -> Date {
        Date(milliseconds: milliseconds(after: start.milliseconds))
    }

    private func milliseconds(after start: Int64) -> Int64 {
        UTCTime.adding(months: months, to: start) + days * UTCTime.millisecondsPerDay + seconds * 1000
    }

    /// The canonical ISO 8601 duration; reading it gives an equal period.
    public var description: String {
        var text = "P"
        for (number, unit) in [(months / 12, "Y"), (months % 12, "M"), (days, "D")] where number > 0 {
            text += "\(number)\(unit)"
        }
        guard seconds > 0 else { return text }
        text += "T"
        for (number, unit) in [(seconds / 3600, "H"), (seconds / 60 % 60, "M"), (seconds % 60, "S")]
        where number > 0 {
            text += "\(number)\(unit)"
        }
        return text
    }
}

extension ValidityPeriod {
    private struct Parts {
        var months: Int64 = 0
        var days: Int64 = 0
        var seconds: Int64 = 0
    }

    /// One number and one unit.
    private static func shortParts(_ text: ArraySlice<UInt8>) -> Parts? {
        var rest = text
        guard let number = takeNumber(&rest), let unit = rest.popFirst(), rest.isEmpty else { return nil }
        switch unit {
        case UInt8(ascii: "s"): return Parts(seconds: number)
        case UInt8(ascii: "m"): return Parts(seconds: number * 60)
        case UInt8(ascii: "h"): return Parts(seconds: number * 3600)
        case UInt8(ascii: "d"): return Parts(days: number)
        case UInt8(ascii: "w"): return Parts(days: number * 7)
        default: return nil
        }
    }

    /// What follows the `P`: weeks alone, or years, months, days, and behind a `T` hours, minutes, seconds,
    /// each at most once and in this order.
    private static func durationParts(_ text: ArraySlice<UInt8>) -> Parts? {
        var rest = text
        var parts = Parts()
        var isTime = false
        var order = -1
        var count = 0
        while let first = rest.first {
            if first == UInt8(ascii: "T"), !isTime {
                isTime = true
                order = -1
                rest = rest.dropFirst()
                // A T with nothing behind it is no duration.
                guard !rest.isEmpty else { return nil }
                continue
            }
            guard let number = takeNumber(&rest), let unit = rest.popFirst() else { return nil }
            count += 1
            let units = Array((isTime ? "HMS" : "YMDW").utf8)
            guard let index = units.firstIndex(of: unit), index > order else { return nil }
            order = index
            switch (isTime, unit) {
            case (false, UInt8(ascii: "Y")): parts.months += number * 12
            case (false, UInt8(ascii: "M")): parts.months += number
            case (false, UInt8(ascii: "D")): parts.days += number
            case (false, _):
                guard count == 1, rest.isEmpty else { return nil }
                parts.days += number * 7
            case (true, UInt8(ascii: "H")): parts.seconds += number * 3600
            case (true, UInt8(ascii: "M")): parts.seconds += number * 60
            case (true, _): parts.seconds += number
            }
        }
        return count > 0 ? parts : nil
    }

    /// Takes 1…10 digits: enough for 100 years in seconds, too few to overflow in any unit.
    private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> Int64? {
        let digits = text.prefix { 0x30...0x39 ~= $0 }
        guard 1...10 ~= digits.count else { return nil }
        text = text.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
