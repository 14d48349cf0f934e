/// What must always hold in the books, each as a query for what breaks it.
struct LedgerCheck: Sendable {
    let name: String
    let sql: String

    static let all: [LedgerCheck] = [
        LedgerCheck(
            name: "a balance is the opening less what the account paid",
            sql: """
                SELECT count(*) FROM insurance i WHERE balance <> opening - (
                    SELECT coalesce(sum(account), 0) FROM settlement s
                    WHERE s.psn_no = i.psn_no AND s.insutype = i.insutype AND reversed_by IS NULL)
                """),
        LedgerCheck(
            name: "no balance is negative",
            sql: "SELECT count(*) FROM insurance WHERE balance < 0"),
        LedgerCheck(
            name: "no message settled twice",
            sql: "SELECT count(*) FROM (SELECT 1 FROM settlement GROUP BY msgid HAVING count(*) > 1)"),
        LedgerCheck(
            name: "every settlement has its message",
            sql: """
                SELECT count(*) FROM settlement s WHERE NOT EXISTS (
                    SELECT 1 FROM message m WHERE m.msgid = s.msgid AND m.infno = s.infno)
                """),
        LedgerCheck(
            name: "a settlement is the sum of its fees",
            sql: """
                SELECT count(*) FROM settlement s WHERE refund_of IS NULL AND reversed_by IS NULL
                AND NOT EXISTS (SELECT 1 FROM settlement r WHERE r.refund_of = s.id AND r.reversed_by IS NULL)
                AND (medfee, own, over_limit, selfpay, in_scope) <> (
                    SELECT coalesce(sum(amount), 0), coalesce(sum(own), 0), coalesce(sum(over_limit), 0),
                        coalesce(sum(selfpay), 0), coalesce(sum(in_scope), 0)
                    FROM fee WHERE fee.settlement = s.id)
                """),
        LedgerCheck(
            name: "the parts of a settlement add up",
            sql: """
                SELECT count(*) FROM settlement WHERE medfee <> own + over_limit + selfpay + in_scope
                OR fund <> pool + civil_servant OR medfee <> fund + person_part OR person_part <> account + cash
                """),
        LedgerCheck(
            name: "a refund is its original with the sign turned",
            sql: """
                SELECT count(*) FROM settlement r JOIN settlement s ON r.refund_of = s.id
                WHERE (r.medfee, r.own, r.over_limit, r.selfpay, r.in_scope, r.pool, r.civil_servant, r.fund,
                    r.person_part, r.account, r.cash) <> (-s.medfee, -s.own, -s.over_limit, -s.selfpay,
                    -s.in_scope, -s.pool, -s.civil_servant, -s.fund, -s.person_part, -s.account, -s.cash)
                """),
        LedgerCheck(
            name: "nothing is refunded twice",
            sql: """
                SELECT count(*) FROM (SELECT 1 FROM settlement WHERE refund_of IS NOT NULL
                AND reversed_by IS NULL GROUP BY refund_of HAVING count(*) > 1)
                """),
        LedgerCheck(
            name: "what is reversed has one reversal, and the other way round",
            sql: """
                SELECT (SELECT count(*) FROM settlement s WHERE reversed_by IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM reversal r WHERE r.msgid = s.reversed_by AND r.original = s.msgid))
                + (SELECT count(*) FROM reversal r WHERE original_infno <> '2401' AND NOT EXISTS (
                    SELECT 1 FROM settlement s WHERE s.msgid = r.original AND s.reversed_by = r.msgid))
                """),
        LedgerCheck(
            name: "a fee belongs to a settlement that stands",
            sql: """
                SELECT count(*) FROM fee JOIN settlement s ON fee.settlement = s.id
                WHERE s.reversed_by IS NOT NULL OR s.refund_of IS NOT NULL OR s.visit <> fee.visit
                OR EXISTS (SELECT 1 FROM settlement r WHERE r.refund_of = s.id AND r.reversed_by IS NULL)
                """),
    ]
}

/// A check's result: how many rows break it.
public struct LedgerFinding: Sendable, Hashable {
    public let name: String
    public let violations: Int64

    public var holds: Bool { violations == 0 }
}

extension LedgerTransaction {
    func check() throws -> [LedgerFinding] {
        try LedgerCheck.all.map { LedgerFinding(name: $0.name, violations: try number($0.sql)) }
    }
}
