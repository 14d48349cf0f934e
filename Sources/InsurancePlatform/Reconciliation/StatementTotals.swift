/// What a group comes to.
public struct StatementTotals: Sendable, Hashable {
    /// Settlements and refunds, each counting one.
    public var count: Int
    public var amounts: SettlementAmounts

    public static let zero = StatementTotals(count: 0, amounts: .zero)

    public init(count: Int, amounts: SettlementAmounts) {
        self.count = count
        self.amounts = amounts
    }
}
