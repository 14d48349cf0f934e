/// How a profile writes the time of signing.
public enum TimeForm: String, Sendable, Hashable, CaseIterable {
    /// Unix seconds in decimal.
    case seconds
    /// Unix milliseconds in decimal, 13 digits.
    case milliseconds
    /// Either of the two, told apart by the number of digits.
    case secondsOrMilliseconds = "seconds_or_milliseconds"
    /// `yyyy-MM-dd HH:mm:ss` in China Standard Time, UTC+8 all year.
    case chinaTime = "china_time"
}
