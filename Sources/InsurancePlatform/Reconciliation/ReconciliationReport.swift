/// What a day's reconciliation came to, for everybody who settles through this server.
public struct ReconciliationReport: Sendable, Hashable {
    /// The day in China, `yyyy-MM-dd`.
    public var date: String
    public var statements: [StatementResult]
    /// Open tasks of the day.
    public var tasks: [PlatformTask]

    public init(date: String, statements: [StatementResult], tasks: [PlatformTask]) {
        self.date = date
        self.statements = statements
        self.tasks = tasks
    }

    /// Whether every group is equal, and nothing is open.
    public var isEqual: Bool {
        statements.allSatisfy { $0.outcome == .equal && $0.open == 0 } && tasks.isEmpty
    }
}
