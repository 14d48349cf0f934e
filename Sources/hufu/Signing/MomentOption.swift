import ActivationClient
import ArgumentParser
import Foundation

/// A time that somebody typed: unix seconds, unix milliseconds (13 digits), RFC 3339, or `now`.
struct MomentOption: ExpressibleByArgument {
    /// Unix milliseconds.
    var milliseconds: Int64

    init?(argument: String) {
        if argument == "now" {
            self = .now
        } else if let number = Int64(argument), number >= 0, number < 100_000_000_000_000 {
            milliseconds = number >= 100_000_000_000 ? number : number * 1000
        } else if let date = Date(rfc3339: argument) {
            milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        } else {
            return nil
        }
    }

    private init(milliseconds: Int64) { self.milliseconds = milliseconds }

    static var now: MomentOption {
        MomentOption(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).rfc3339
    }
}
