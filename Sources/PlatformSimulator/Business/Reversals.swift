import GRDB
import InsurancePlatform

/// 2601: the original is as if it had never been; once only.
extension LedgerTransaction {
    func reverse(_ query: Reversal, _ call: BusinessCall) throws -> EmptyAnswer {
        let infno = BusinessDesk.base(query.oinfno)
        guard Reversal.reversible.contains(infno) else { throw BusinessRefusal.notReversible }
        guard
            let message = try first("SELECT * FROM message WHERE msgid = ?", [query.omsgid]),
            message["infno"] == infno, message["institution"] == call.institution
        else { throw BusinessRefusal.unknownOriginal }
        guard try first("SELECT 1 FROM reversal WHERE original = ?", [query.omsgid]) == nil else {
            throw BusinessRefusal.alreadyReversed
        }
        if infno == "2401" {
            try reverseAdmission(query)
        } else {
            try reverseSettlement(query, call)
        }
        try run(
            "INSERT INTO reversal VALUES (?, ?, ?, ?)",
            [call.request.msgid, query.omsgid, infno, call.received])
        return EmptyAnswer()
    }

    private func reverseAdmission(_ query: Reversal) throws {
        let visit = try first("SELECT * FROM visit WHERE opened_by = ?", [query.omsgid])
        guard let visit, visit["psn_no"] == query.psnNo, visit["is_open"] as Bool else {
            throw BusinessRefusal.unknownOriginal
        }
        try close(visit["id"])
    }

    private func reverseSettlement(_ query: Reversal, _ call: BusinessCall) throws {
        let row = try first("SELECT * FROM settlement WHERE msgid = ?", [query.omsgid])
        guard let row, row["psn_no"] == query.psnNo else { throw BusinessRefusal.unknownOriginal }
        let id: Int64 = row["id"]
        try move(row.cents("account"), query.psnNo, row["insutype"])
        try run("UPDATE settlement SET reversed_by = ? WHERE id = ?", [call.request.msgid, id])
        if let original: Int64 = row["refund_of"] {
            try restoreFees(of: original)
        } else {
            guard try standingRefund(of: id) == nil else { throw BusinessRefusal.reversalPrevented }
            try run("UPDATE fee SET settlement = NULL WHERE settlement = ?", [id])
        }
    }

    /// A refund is undone: the original stands again, if its fees are there and weren't settled anew.
    private func restoreFees(of original: Int64) throws {
        let loose = try number(
            "SELECT sum(amount) FROM fee WHERE last_settlement = ? AND settlement IS NULL", [original])
        guard loose == (try number("SELECT medfee FROM settlement WHERE id = ?", [original])) else {
            throw BusinessRefusal.reversalPrevented
        }
        try run(
            "UPDATE fee SET settlement = last_settlement WHERE last_settlement = ? AND settlement IS NULL",
            [original])
    }
}
