/// A day of the Gregorian calendar from 1970 to 9999.
struct CivilDate: Hashable {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Days before each month of a year that isn't a leap year.
    private static let before: [Int64] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

    /// Nil for a day that doesn't exist.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1970...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let index = Int(month)
        let leapDay: Int64 = month == 2 && Self.isLeap(year) ? 1 : 0
        guard day <= Self.before[index] - Self.before[index - 1] + leapDay else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// - Parameter days: not negative.
    init(daysSince1970 days: Int64) {
        var year = 1970 + days / 366
        while Self.daysBefore(year + 1) <= days { year += 1 }
        var left = days - Self.daysBefore(year)
        var month = 1
        while month < 12, left >= Self.before[month] + (month >= 2 && Self.isLeap(year) ? 1 : 0) {
            month += 1
        }
        left -= Self.before[month - 1] + (month > 2 && Self.isLeap(year) ? 1 : 0)
        (self.year, self.month, self.day) = (year, Int64(month), left + 1)
    }

    var daysSince1970: Int64 {
        let leapDay: Int64 = month > 2 && Self.isLeap(year) ? 1 : 0
        return Self.daysBefore(year) + Self.before[Int(month) - 1] + leapDay + day - 1
    }

    /// Days from 1970 to the first of January of a year.
    private static func daysBefore(_ year: Int64) -> Int64 {
        func leapDays(through year: Int64) -> Int64 { year / 4 - year / 100 + year / 400 }
        return (year - 1970) * 365 + leapDays(through: year - 1) - leapDays(through: 1969)
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}
