import Foundation
import GRDB
import InsurancePlatform

/// 2208 and 2305: a row with every amount negative, and the fees may be settled again.
extension LedgerTransaction {
    func refund(_ query: SettlementCancel, _ call: BusinessCall, inpatient: Bool) throws -> SettlementAnswer {
        guard let id: Int64 = Identifier.settlement(query.setlID),
            let original = try first(
                "SELECT * FROM settlement WHERE id = ? AND reversed_by IS NULL AND refund_of IS NULL", [id]),
            original["institution"] == call.institution, original["psn_no"] == query.psnNo,
            Identifier.visit(original["visit"]) == query.mdtrtID
        else { throw BusinessRefusal.unknownSettlement }
        guard (original["infno"] == "2304") == inpatient else { throw BusinessRefusal.wrongVisitKind }
        guard try standingRefund(of: id) == nil else { throw BusinessRefusal.alreadyRefunded }
        let insutype: String = original["insutype"]
        let refund = try book(
            SettlementBooking(
                msgid: call.request.msgid, infno: BusinessDesk.base(call.infno),
                institution: call.institution, visit: original["visit"], person: query.psnNo,
                insutype: insutype, clrType: original["clr_type"], clrOptins: original["clr_optins"],
                day: call.day, sum: SettlementSum(booked: original), refundOf: id))
        try move(original.cents("account"), query.psnNo, insutype)
        try run("UPDATE fee SET settlement = NULL WHERE settlement = ?", [id])
        var info = try answer(of: original).info.negated
        info.setlID = Identifier.settlement(refund)
        info.setlTime = ChinaTime.text(call.received, .text)
        info.medinsSetlID = call.request.msgid
        info.balc = try balance(of: query.psnNo, insutype)
        let answer = SettlementAnswer(info: info)
        try keep(answer, of: refund)
        return answer
    }

    /// The refund of a settlement, if there is one that stands.
    func standingRefund(of settlement: Int64) throws -> Int64? {
        try first("SELECT id FROM settlement WHERE refund_of = ? AND reversed_by IS NULL", [settlement])?[0]
    }

    func answer(of row: Row) throws -> SettlementAnswer {
        let info: Data = row["info"]
        return try SettlementAnswer(output: ExactJSON(parsing: Array(info)))
    }

    private func balance(of person: String, _ insutype: String) throws -> ExactDecimal {
        ExactDecimal(
            cents: try number(
                "SELECT balance FROM insurance WHERE psn_no = ? AND insutype = ?", [person, insutype]))
    }
}

extension SettlementSum {
    /// Of a row of `settlement`, as it was booked.
    init(booked row: Row) {
        self.init(
            medfee: row.cents("medfee"), own: row.cents("own"), overLimit: row.cents("over_limit"),
            selfpay: row.cents("selfpay"), inScope: row.cents("in_scope"), pool: row.cents("pool"),
            civilServant: row.cents("civil_servant"), account: row.cents("account"))
    }
}
