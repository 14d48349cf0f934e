import GRDB
import InsurancePlatform

/// 3201: the institution's totals against the ledger's.
extension LedgerTransaction {
    func compareTotals(_ query: StatementTotal, _ call: BusinessCall) throws -> StatementTotal.Answer {
        try Self.requireDays(query.stmtBegndate, query.stmtEnddate)
        let row = try first(
            """
            SELECT count(*) AS count, coalesce(sum(medfee), 0) AS medfee, coalesce(sum(fund), 0) AS fund,
                coalesce(sum(account), 0) AS account
            FROM settlement WHERE institution = ?1 AND day BETWEEN ?2 AND ?3 AND insutype = ?4
            AND clr_type = ?5 AND (?6 = '' OR clr_optins = ?6) AND reversed_by IS NULL
            """,
            [
                call.institution, query.stmtBegndate, query.stmtEnddate, query.insutype, query.clrType,
                query.setlOptins,
            ])
        guard let row else { throw SandboxError("a sum without a row") }
        var differing: [String] = []
        let amounts = [
            ("medfee_sumamt", query.medfeeSumamt, row.cents("medfee")),
            ("fund_pay_sumamt", query.fundPaySumamt, row.cents("fund")),
            ("acct_pay", query.acctPay, row.cents("account")),
        ]
        for (name, theirs, ours) in amounts where theirs != ours {
            differing.append("\(name) 平台 \(ours.text(scale: 2)) 机构 \(theirs.text(scale: 2))")
        }
        let count: Int64 = row["count"]
        if Int64(query.fixmedinsSetlCnt) != count {
            differing.append("fixmedins_setl_cnt 平台 \(count) 机构 \(query.fixmedinsSetlCnt)")
        }
        return StatementTotal.Answer(
            setlOptins: query.setlOptins.isEmpty ? call.request.mdtrtareaAdmvs : query.setlOptins,
            stmtRslt: differing.isEmpty ? "0" : "1",
            stmtRsltDscr: differing.isEmpty ? "对账成功" : differing.joined(separator: "；"))
    }

    static func requireDays(_ begin: String, _ end: String) throws {
        guard ChinaTime.milliseconds(begin, .date) != nil else {
            throw BusinessRefusal.statement("stmt_begndate")
        }
        guard ChinaTime.milliseconds(end, .date) != nil, begin <= end else {
            throw BusinessRefusal.statement("stmt_enddate")
        }
    }
}
