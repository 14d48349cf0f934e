/// What may be done with a call: each class has its own circuit breaker and its own share of connections, so
/// that trouble with one cannot block the other.
public enum CallClass: String, Sendable, Hashable, CaseIterable {
    /// Changes nothing: may be repeated.
    case query
    /// Moves money or opens a stay: never repeated; an unknown outcome is asked for or reversed.
    case money
    /// 2601 and 5203, by which unknown outcomes are resolved: has a budget of its own.
    case recovery
    /// Changes something that isn't money (registration, fees, files): not repeated by itself.
    case record

    public init(infno: String) {
        self =
            switch infno.prefix(4) {
            case "2102", "2103", "2207", "2208", "2304", "2305", "2401": .money
            case "2601", "5203": .recovery
            case "2201", "2202", "2203", "2204", "2205", "3201", "3202", "9001", "9002", "9101": .record
            case "1101", "1312", "2206", "9102": .query
            default: .record
            }
    }
}
