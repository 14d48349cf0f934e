/// What is to be done about one differing row of a statement: the table of docs/formats/settlements.md.
public enum StatementFinding: Sendable, Hashable {
    /// The resolver is at it, or it changed since the rows were read.
    case nothing
    /// Only the platform has it, and the journal says that it must not be there.
    case reverse
    case task(PlatformTask.Kind)

    /// - Parameters:
    ///   - entry: the journal's, by the row's `msgid` or `setl_id`.
    ///   - readAt: when the rows were read that the platform compared with, in unix milliseconds.
    public init(_ row: StatementDifference, _ entry: JournalEntry?, readAt: Int64) {
        if row.result == .agrees {
            self = .nothing
            return
        }
        guard let entry else {
            self = .task(.onlyThere)
            return
        }
        switch entry.state {
        case _ where entry.changedAt >= readAt: self = .nothing
        case .intent, .unknown, .reversing: self = .nothing
        case .success: self = .task(row.result == .onlyInstitution ? .onlyHere : .amountsDiffer)
        case .unsent, .fail, .reversed:
            self = MoneyRules.isReversible(entry.infno) ? .reverse : .task(.onlyThere)
        }
    }
}
