import Foundation
import Synchronization

/// The `Date` of an answer (RFC 9110 section 5.6.7), made anew only when the second changes.
final class DateText: Sendable {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let last = Mutex<(second: Int64, text: String)>((.min, ""))

    /// At a time in nanoseconds since 1970.
    func text(at nanoseconds: Int64) -> String {
        let second = nanoseconds / 1_000_000_000
        return last.withLock { last in
            if last.second != second { last = (second, Self.text(ofSecond: second)) }
            return last.text
        }
    }

    private static func text(ofSecond second: Int64) -> String {
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(1900 + parts.tm_year) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
