import GRDB
public import InsurancePlatform

/// The sums of one institution, day, insurance and clearing type, as 3201 compares them: reversed settlements
/// are left out, refunds count as rows with negative amounts.
public struct LedgerTotals: Sendable, Hashable {
    public let institution: String
    /// `yyyy-MM-dd` in China.
    public let day: String
    public let insutype: String
    public let clrType: String
    public let count: Int64
    public let medfee: ExactDecimal
    public let fund: ExactDecimal
    public let account: ExactDecimal
    public let cash: ExactDecimal
}

extension LedgerTransaction {
    /// All totals, or those of one day.
    func totals(day: String? = nil) throws -> [LedgerTotals] {
        let rows = try all(
            """
            SELECT institution, day, insutype, clr_type, count(*) AS count, sum(medfee) AS medfee,
                sum(fund) AS fund, sum(account) AS account, sum(cash) AS cash
            FROM settlement WHERE reversed_by IS NULL AND (?1 IS NULL OR day = ?1)
            GROUP BY institution, day, insutype, clr_type ORDER BY day, institution, insutype, clr_type
            """, [day])
        return rows.map { row in
            LedgerTotals(
                institution: row["institution"], day: row["day"], insutype: row["insutype"],
                clrType: row["clr_type"], count: row["count"], medfee: row.cents("medfee"),
                fund: row.cents("fund"), account: row.cents("account"), cash: row.cents("cash"))
        }
    }
}

/// A row of the ledger, for tests that compare it with a journal.
public struct LedgerSettlement: Sendable, Hashable {
    public let setlID: String
    public let msgid: String
    public let infno: String
    public let mdtrtID: String
    public let psnNo: String
    public let day: String
    public let insutype: String
    public let clrType: String
    public let medfee: ExactDecimal
    public let fund: ExactDecimal
    public let account: ExactDecimal
    public let cash: ExactDecimal
    public let isRefund: Bool
    public let isReversed: Bool
}

extension LedgerTransaction {
    func settlements() throws -> [LedgerSettlement] {
        try all("SELECT * FROM settlement ORDER BY id").map { row in
            LedgerSettlement(
                setlID: Identifier.settlement(row["id"]), msgid: row["msgid"], infno: row["infno"],
                mdtrtID: Identifier.visit(row["visit"]), psnNo: row["psn_no"], day: row["day"],
                insutype: row["insutype"], clrType: row["clr_type"], medfee: row.cents("medfee"),
                fund: row.cents("fund"), account: row.cents("account"), cash: row.cents("cash"),
                isRefund: (row["refund_of"] as Int64?) != nil,
                isReversed: (row["reversed_by"] as String?) != nil)
        }
    }
}
