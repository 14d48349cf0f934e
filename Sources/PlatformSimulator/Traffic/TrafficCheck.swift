/// One check of a request, as the live page shows it.
public struct TrafficCheck: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable {
        case passed, failed, skipped
    }

    /// `tls`, `token`, `signature`, `envelope` or `business`.
    public let name: String
    public let outcome: Outcome
    /// English, without personal values.
    public let detail: String

    init(_ name: String, _ outcome: Outcome, _ detail: String = "") {
        self.name = name
        self.outcome = outcome
        self.detail = detail
    }

    var json: JSONText {
        .object([
            "name": .string(name), "outcome": .string(outcome.rawValue), "detail": .string(detail),
        ])
    }
}
