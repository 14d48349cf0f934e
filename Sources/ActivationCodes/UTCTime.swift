import Foundation

/// Arithmetic on instants in UTC at whole milliseconds, in the proleptic Gregorian calendar.
///
/// Integers all the way: Foundation's calendars know time zones and locales, and neither may have a say here.
enum UTCTime {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// The year, month (1…12) and day (1…31) of a day counted from 1970-01-01.
    static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Years counted from March, so that the leap day is a year's last; 146,097 days are 400 years.
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The day, counted from 1970-01-01, of a date that exists.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The same day and time `months` later, or the month's last day where it has no such day.
    static func adding(months: Int64, to milliseconds: Int64) -> Int64 {
        let day = floorDivide(milliseconds, millisecondsPerDay)
        let timeOfDay = milliseconds - day * millisecondsPerDay
        let date = civil(fromDay: day)
        let monthIndex = date.year * 12 + date.month - 1 + months
        let year = floorDivide(monthIndex, 12)
        let month = monthIndex - year * 12 + 1
        let clamped = min(date.day, daysIn(month: month, year: year))
        return self.day(year: year, month: month, day: clamped) * millisecondsPerDay + timeOfDay
    }

    static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }
}

extension Date {
    /// Milliseconds since 1970, to the nearest; dates beyond ±270,000 years (and no dates at all) are
    /// clamped.
    var milliseconds: Int64 {
        let exact = timeIntervalSince1970 * 1000
        guard !exact.isNaN else { return 0 }
        return Int64(min(max(exact, -8.64e15), 8.64e15).rounded())
    }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// This instant at the precision that everything here is kept at.
    var wholeMilliseconds: Date { Date(milliseconds: milliseconds) }
}
