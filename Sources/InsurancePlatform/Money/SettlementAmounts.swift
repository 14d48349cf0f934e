/// The amounts of a settlement that statements count, in cents; negative for a refund.
public struct SettlementAmounts: Sendable, Hashable {
    /// `medfee_sumamt`.
    public var total: Int64
    /// `fund_pay_sumamt`.
    public var fund: Int64
    /// `acct_pay`.
    public var account: Int64
    /// `psn_cash_pay`.
    public var cash: Int64

    public static let zero = SettlementAmounts(total: 0, fund: 0, account: 0, cash: 0)

    public init(total: Int64, fund: Int64, account: Int64, cash: Int64) {
        self.total = total
        self.fund = fund
        self.account = account
        self.cash = cash
    }

    /// As a refund counts, whichever sign the platform gave it.
    public var refunded: SettlementAmounts {
        SettlementAmounts(
            total: -Self.magnitude(total), fund: -Self.magnitude(fund), account: -Self.magnitude(account),
            cash: -Self.magnitude(cash))
    }

    private static func magnitude(_ cents: Int64) -> Int64 { cents < 0 ? 0 &- cents : cents }

    /// Cents as an amount is written: `-12.30`.
    public static func text(_ cents: Int64) -> String {
        let (whole, part) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(cents < 0 ? "-" : "")\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}
