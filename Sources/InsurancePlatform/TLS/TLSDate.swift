internal import Foundation

/// Moments as the reports show them.
enum TLSDate {
    /// RFC 3339 in UTC, whole seconds.
    static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
