/// What a day's comparison of one group came to.
public struct StatementResult: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case equal, different
        /// It could not be compared: the platform did not answer, or not readably.
        case failed
    }

    public var key: StatementKey
    public var outcome: Outcome
    /// Why it failed: a stable code.
    public var reason: String?
    /// The journal's, at the last comparison.
    public var totals: StatementTotals
    /// Differing rows at the last detail.
    public var differences: Int
    /// What this run reversed.
    public var reversed: Int
    /// Calls whose outcome is still open.
    public var open: Int
    /// How often 3201 was asked in this run.
    public var rounds: Int
    /// How often the group was run.
    public var runs: Int
    /// Unix milliseconds.
    public var comparedAt: Int64

    public init(
        key: StatementKey, outcome: Outcome, reason: String? = nil, totals: StatementTotals,
        differences: Int = 0, reversed: Int = 0, open: Int = 0, rounds: Int = 0, runs: Int = 1,
        comparedAt: Int64
    ) {
        self.key = key
        self.outcome = outcome
        self.reason = reason
        self.totals = totals
        self.differences = differences
        self.reversed = reversed
        self.open = open
        self.rounds = rounds
        self.runs = runs
        self.comparedAt = comparedAt
    }
}
