/// A client's estimate of how far the server's clock is ahead of its own, learnt from `Date` fields.
///
/// `Date` has whole seconds and travels for a while, so each one only bounds the offset; the estimate moves
/// no further than the bounds ask for, and never beyond ±``bound``.
public struct ClockOffset: Sendable, Hashable {
    /// 15 minutes, in milliseconds: a clock that is further off is to be set, not corrected for.
    public static let bound: Int64 = 900_000

    public enum Lesson: Sendable, Hashable {
        /// The estimate agrees with what was learnt.
        case confirmed
        /// The estimate is now so many milliseconds.
        case corrected(Int64)
        /// The clocks are about so many milliseconds apart, over ``ClockOffset/bound``; the estimate stays.
        case beyondBound(Int64)
        /// No date, or an answer before its question.
        case unreadable
    }

    /// What to add to the own clock to have the server's, in milliseconds.
    public private(set) var milliseconds: Int64 = 0

    public init() {}

    /// The server's time at a moment of the own clock, both in unix milliseconds.
    public func serverTime(at local: Int64) -> Int64 {
        let (time, overflow) = local.addingReportingOverflow(milliseconds)
        return overflow ? local : time
    }

    /// Learns from an answer.
    ///
    /// - Parameters:
    ///   - date: the answer's `Date` (RFC 9110 §5.6.7).
    ///   - sent: when the question left, by the own clock, in unix milliseconds.
    ///   - received: when the answer's head arrived, likewise.
    public mutating func learn(date: String, sent: Int64, received: Int64) -> Lesson {
        guard let stamp = CalendarTime.milliseconds(httpDate: date), sent <= received, sent >= 0,
            received < .max / 2
        else { return .unreadable }
        let least = stamp - received
        let most = stamp + 999 - sent
        if (least...most).contains(milliseconds) { return .confirmed }
        let estimate = least + (most - least) / 2
        guard abs(estimate) <= Self.bound else { return .beyondBound(estimate) }
        milliseconds = estimate
        return .corrected(estimate)
    }
}
