import Foundation
package import InsurancePlatform

extension Transaction {
    /// What stands in statements: section G of the interface, settlements and refunds.
    private static let isSettlement =
        "substr(infno, 1, 4) IN ('2102', '2103', '2207', '2208', '2304', '2305')"

    // MARK: Totals

    /// The totals of each group of a day that has a settlement, counted or open, or a reversal.
    package func statementTotals(
        fixmedinsCode: String, date: String
    ) throws -> [StatementKey: (totals: StatementTotals, open: Int)] {
        let found = try rows(
            """
            SELECT coalesce(insutype, ''), coalesce(clr_type, ''), sum(state = 'success'),
                sum(iif(state = 'success', total, 0)), sum(iif(state = 'success', fund, 0)),
                sum(iif(state = 'success', account, 0)), sum(iif(state = 'success', cash, 0)),
                sum(state IN ('intent', 'unknown', 'reversing'))
            FROM platform_journal
            WHERE fixmedins_code = ? AND date = ? AND \(Self.isSettlement)
                AND state IN ('success', 'reversed', 'intent', 'unknown', 'reversing')
            GROUP BY 1, 2
            """, [.text(fixmedinsCode), .text(date)])
        return try found.reduce(into: [:]) { groups, row in
            let key = StatementKey(
                fixmedinsCode: fixmedinsCode, date: date, insutype: try row.text(0), clrType: try row.text(1))
            let amounts = SettlementAmounts(
                total: Int64(try row.integer(3)), fund: Int64(try row.integer(4)),
                account: Int64(try row.integer(5)), cash: Int64(try row.integer(6)))
            groups[key] = (
                StatementTotals(count: try row.integer(2), amounts: amounts), try row.integer(7)
            )
        }
    }

    /// The settlements that a group counts, oldest first.
    package func countedSettlements(_ key: StatementKey) throws -> [StoredSettlement] {
        try settlements(
            """
            fixmedins_code = ? AND date = ? AND coalesce(insutype, '') = ? AND coalesce(clr_type, '') = ?
                AND state = 'success' AND \(Self.isSettlement) ORDER BY row
            """, [.text(key.fixmedinsCode), .text(key.date), .text(key.insutype), .text(key.clrType)])
    }

    /// Who settled on a day.
    package func settlingInstitutions(date: String) throws -> [String] {
        try rows(
            "SELECT DISTINCT fixmedins_code FROM platform_journal WHERE date = ? ORDER BY 1", [.text(date)]
        ).map { try $0.text(0) }
    }

    /// Since when there are settlements.
    package func firstSettlementDate(fixmedinsCode: String) throws -> String? {
        try rows("SELECT min(date) FROM platform_journal WHERE fixmedins_code = ?", [.text(fixmedinsCode)])[0]
            .optionalText(0)
    }

    /// Whether a day has anything that a statement can be asked for.
    package func hasStatements(fixmedinsCode: String, date: String) throws -> Bool {
        try rows(
            """
            SELECT EXISTS (SELECT 1 FROM platform_journal
                WHERE fixmedins_code = ? AND date = ? AND \(Self.isSettlement)
                    AND (state IN ('success', 'intent', 'unknown', 'reversing')
                        OR (state = 'reversed' AND coalesce(clr_type, '') <> '')))
            """, [.text(fixmedinsCode), .text(date)])[0].integer(0) == 1
    }

    // MARK: Reversals

    /// The groups of the reversals that no statement has confirmed, by the identifiers of their messages.
    package func unconfirmedReversals(
        fixmedinsCode: String, from first: String, through last: String
    ) throws -> [String: StatementKey] {
        try rows(
            """
            SELECT fixmedins_code, date, coalesce(insutype, ''), coalesce(clr_type, ''), reversal_msgid
            FROM platform_journal WHERE fixmedins_code = ? AND date BETWEEN ? AND ?
                AND state = 'reversed' AND confirmed_at IS NULL
            """, [.text(fixmedinsCode), .text(first), .text(last)]
        ).reduce(into: [:]) { $0[try $1.text(4)] = try Self.key($1, 0) }
    }

    /// A statement agreed: these reversals are in force.
    package func confirmReversals(_ msgids: some Sequence<String>, at now: Int64) throws {
        for msgid in msgids {
            try run(
                """
                UPDATE platform_journal SET confirmed_at = ?
                WHERE reversal_msgid = ? AND state = 'reversed' AND confirmed_at IS NULL
                """, [SQLValue(now), .text(msgid)])
        }
    }

    // MARK: Results

    /// Keeps one result a group; answers how often the group was run.
    @discardableResult
    package func keep(_ result: StatementResult) throws -> Int {
        let amounts = result.totals.amounts
        try run(
            """
            INSERT INTO platform_statements (fixmedins_code, date, insutype, clr_type, result, reason, count,
                total, fund, account, cash, differences, reversed, open, rounds, runs, compared_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
            ON CONFLICT (fixmedins_code, date, insutype, clr_type) DO UPDATE SET result = excluded.result,
                reason = excluded.reason, count = excluded.count, total = excluded.total,
                fund = excluded.fund, account = excluded.account, cash = excluded.cash,
                differences = excluded.differences, reversed = excluded.reversed, open = excluded.open,
                rounds = excluded.rounds, runs = runs + 1, compared_at = excluded.compared_at
            """,
            Self.values(result.key) + [
                .text(result.outcome.rawValue), SQLValue(result.reason), SQLValue(result.totals.count),
                SQLValue(amounts.total), SQLValue(amounts.fund), SQLValue(amounts.account),
                SQLValue(amounts.cash), SQLValue(result.differences), SQLValue(result.reversed),
                SQLValue(result.open), SQLValue(result.rounds), SQLValue(result.comparedAt),
            ])
        return try rows(
            """
            SELECT runs FROM platform_statements
            WHERE fixmedins_code = ? AND date = ? AND insutype = ? AND clr_type = ?
            """, Self.values(result.key))[0].integer(0)
    }

    /// Takes away the results of groups that a day has no more.
    package func removeStatements(
        fixmedinsCode: String, date: String, except kept: Set<StatementKey>
    ) throws {
        for result in try statementResults(date: date)
        where result.key.fixmedinsCode == fixmedinsCode && !kept.contains(result.key) {
            try run(
                """
                DELETE FROM platform_statements
                WHERE fixmedins_code = ? AND date = ? AND insutype = ? AND clr_type = ?
                """, Self.values(result.key))
        }
    }

    package func statementResults(date: String) throws -> [StatementResult] {
        try statementResults(from: date, through: date)
    }

    package func statementResults(from first: String, through last: String) throws -> [StatementResult] {
        try rows(
            """
            SELECT fixmedins_code, date, insutype, clr_type, result, reason, count, total, fund, account,
                cash, differences, reversed, open, rounds, runs, compared_at
            FROM platform_statements WHERE date BETWEEN ? AND ? ORDER BY 1, 3, 4
            """, [.text(first), .text(last)]
        ).map { row in
            guard let outcome = StatementResult.Outcome(rawValue: try row.text(4)) else {
                throw StorageError.corrupt("a statement's result")
            }
            return StatementResult(
                key: try Self.key(row, 0), outcome: outcome, reason: try row.optionalText(5),
                totals: StatementTotals(
                    count: try row.integer(6),
                    amounts: SettlementAmounts(
                        total: Int64(try row.integer(7)), fund: Int64(try row.integer(8)),
                        account: Int64(try row.integer(9)), cash: Int64(try row.integer(10)))),
                differences: try row.integer(11), reversed: try row.integer(12), open: try row.integer(13),
                rounds: try row.integer(14), runs: try row.integer(15),
                comparedAt: Int64(try row.integer(16)))
        }
    }

    static func values(_ key: StatementKey) -> [SQLValue] {
        [.text(key.fixmedinsCode), .text(key.date), .text(key.insutype), .text(key.clrType)]
    }

    static func key(_ row: SQLRow, _ start: Int) throws -> StatementKey {
        StatementKey(
            fixmedinsCode: try row.text(start), date: try row.text(start + 1),
            insutype: try row.text(start + 2), clrType: try row.text(start + 3))
    }
}
