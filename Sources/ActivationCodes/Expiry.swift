public import Foundation

/// When something ends: so long after a start, or at an instant.
public enum Expiry: Sendable, Equatable, CustomStringConvertible {
    case after(ValidityPeriod)
    case at(Date)

    /// Reads a ``ValidityPeriod`` or an instant in ISO 8601: `2027-03-31T16:00:00Z`,
    /// `2027-04-01T00:00:00.000+08:00`.
    ///
    /// An instant needs its seconds and its offset from UTC; at most three digits of fraction; no leap
    /// seconds.
    public init?(_ text: some StringProtocol) {
        if let period = ValidityPeriod(text) {
            self = .after(period)
        } else if let milliseconds = Self.instant(Array(text.utf8)) {
            self = .at(Date(milliseconds: milliseconds))
        } else {
            return nil
        }
    }

    /// The instant of the end, whole milliseconds. `start` matters to relative ends only.
    public func date(from start: Date) -> Date {
        switch self {
        case .after(let period): period.date(after: start)
        case .at(let date): date.wholeMilliseconds
        }
    }

    /// The canonical form: an ISO 8601 duration, or an instant in UTC with milliseconds where it has any.
    public var description: String {
        switch self {
        case .after(let period): period.description
        case .at(let date): Self.text(of: date.milliseconds)
        }
    }
}

extension Expiry {
    /// Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)`; `nil` for everything else.
    private static func instant(_ text: [UInt8]) -> Int64? {
        var rest = text[...]
        func number(_ count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4), year > 0, skip("-"), let month = number(2), skip("-"),
            let day = number(2),
            skip("T"), let hour = number(2), skip(":"), let minute = number(2), skip(":"),
            let second = number(2)
        else { return nil }
        guard 1...12 ~= month, day > 0, day <= UTCTime.daysIn(month: month, year: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if skip(".") {
            let count = rest.prefix { 0x30...0x39 ~= $0 }.count
            guard 1...3 ~= count, let digits = number(count) else { return nil }
            fraction = [100, 10, 1][count - 1] * digits
        }
        guard let offset = offsetMinutes(rest) else { return nil }
        let days = UTCTime.day(year: year, month: month, day: day)
        let milliseconds = ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
        // The offset may have moved it out of the years that four digits can write.
        let utcDay = UTCTime.floorDivide(milliseconds, UTCTime.millisecondsPerDay)
        guard 1...9999 ~= UTCTime.civil(fromDay: utcDay).year else { return nil }
        return milliseconds
    }

    /// Minutes east of UTC: `Z`, `+08:00`, `-03:30`.
    private static func offsetMinutes(_ text: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(text)
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int64($0) - 0x30 }
        guard digits.allSatisfy({ 0...9 ~= $0 }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours < 24, minutes < 60 else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    private static func text(of milliseconds: Int64) -> String {
        let day = UTCTime.floorDivide(milliseconds, UTCTime.millisecondsPerDay)
        let time = milliseconds - day * UTCTime.millisecondsPerDay
        let date = UTCTime.civil(fromDay: day)
        let digits = { (number: Int64, width: Int) in
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { digits($0, 2) }
        let fraction = time % 1000 == 0 ? "" : "." + digits(time % 1000, 3)
        return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
            + "T\(clock.joined(separator: ":"))\(fraction)Z"
    }
}
