/// Times as text (RFC 3339), in UTC with milliseconds.
public enum RFC3339 {
    private static let millisecondsADay: Int64 = 86_400_000
    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z, the ends of what four digits of year can say.
    private static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// `2026-11-21T03:04:05.678Z`, from milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// Times before the year 0 or after 9999 are written as the nearest one that has a form.
    public static func string(unixMilliseconds: Int64) -> String {
        String(unsafeUninitializedCapacity: 24) { write(unixMilliseconds, into: $0) }
    }

    /// Writes the 24 ASCII characters of ``string(unixMilliseconds:)``.
    static func write(_ unixMilliseconds: Int64, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let time = min(max(unixMilliseconds, range.lowerBound), range.upperBound)
        var days = time / millisecondsADay
        var rest = time % millisecondsADay
        if rest < 0 {
            days -= 1
            rest += millisecondsADay
        }
        let (year, month, day) = date(ofDay: days)
        func digits(_ value: Int64, _ count: Int, at offset: Int) {
            var value = value
            for index in (offset..<(offset + count)).reversed() {
                buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
                value /= 10
            }
        }
        digits(year, 4, at: 0)
        buffer[4] = UInt8(ascii: "-")
        digits(month, 2, at: 5)
        buffer[7] = UInt8(ascii: "-")
        digits(day, 2, at: 8)
        buffer[10] = UInt8(ascii: "T")
        digits(rest / 3_600_000, 2, at: 11)
        buffer[13] = UInt8(ascii: ":")
        digits(rest / 60_000 % 60, 2, at: 14)
        buffer[16] = UInt8(ascii: ":")
        digits(rest / 1000 % 60, 2, at: 17)
        buffer[19] = UInt8(ascii: ".")
        digits(rest % 1000, 3, at: 20)
        buffer[23] = UInt8(ascii: "Z")
        return 24
    }

    /// Reads an RFC 3339 date-time, any offset, `t` and `z` too; digits below the millisecond are cut off.
    ///
    /// Nil for anything else, and for a leap second, which Unix time has no place for.
    public static func unixMilliseconds(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20,
            let year = number(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"),
            let month = number(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"),
            let day = number(bytes, 8, 2), bytes[10] | 0x20 == UInt8(ascii: "t"),
            let hour = number(bytes, 11, 2), bytes[13] == UInt8(ascii: ":"),
            let minute = number(bytes, 14, 2), bytes[16] == UInt8(ascii: ":"),
            let second = number(bytes, 17, 2),
            1...12 ~= month, day >= 1, day <= length(ofMonth: month, in: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var offset = 19
        var milliseconds: Int64 = 0
        if bytes[offset] == UInt8(ascii: ".") {
            var unit: Int64 = 100
            offset += 1
            let start = offset
            while offset < bytes.count, let digit = number(bytes, offset, 1) {
                milliseconds += digit * unit
                unit /= 10
                offset += 1
            }
            guard offset > start else { return nil }
        }
        guard let minutesEast = zone(bytes[offset...]) else { return nil }
        let minutes = (unixDay(year, month, day) * 24 + hour) * 60 + minute - minutesEast
        return (minutes * 60 + second) * 1000 + milliseconds
    }

    private static func zone(_ bytes: ArraySlice<UInt8>) -> Int64? {
        if bytes.count == 1, bytes[bytes.startIndex] | 0x20 == UInt8(ascii: "z") { return 0 }
        let zone = Array(bytes)
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            let hours = number(zone, 1, 2), hours < 24, let minutes = number(zone, 4, 2), minutes < 60
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for byte in bytes[offset..<(offset + count)] {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Both conversions count years from March, so that the leap day ends a year, and days from 0000-03-01, in
    // eras of 400 years, each 146,097 days long.

    private static func date(ofDay unixDay: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = unixDay + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func unixDay(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
