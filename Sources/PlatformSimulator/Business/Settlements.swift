import Foundation
import GRDB
import InsurancePlatform

/// 2206, 2207 and 2304.
extension LedgerTransaction {
    func preSettle(_ query: PreSettlement, _ call: BusinessCall) throws -> SettlementAnswer {
        let account = try reckon(query.request, call)
        return answer(account, setlID: "", balance: account.balance, call)
    }

    func settle(
        _ request: SettlementRequest, _ call: BusinessCall, inpatient: Bool
    ) throws -> SettlementAnswer {
        let reckoning = try reckon(request, call)
        guard (reckoning.visit["is_inpatient"] as Bool) == inpatient else {
            throw BusinessRefusal.wrongVisitKind
        }
        try requireAgreement(request, reckoning.sum)
        let balance = reckoning.balance - reckoning.sum.account
        let booking = SettlementBooking(
            msgid: call.request.msgid, infno: BusinessDesk.base(call.infno), institution: call.institution,
            visit: reckoning.visit["id"], person: request.psnNo, insutype: request.insutype,
            clrType: inpatient ? "21" : "11", clrOptins: call.request.mdtrtareaAdmvs, day: call.day,
            sum: reckoning.sum)
        let id = try book(booking)
        let answer = answer(reckoning, setlID: Identifier.settlement(id), balance: balance, call)
        try keep(answer, of: id)
        try move(-reckoning.sum.account, request.psnNo, request.insutype)
        try run(
            """
            UPDATE fee SET settlement = ?1, last_settlement = ?1
            WHERE visit = ?2 AND settlement IS NULL AND (?3 = '' OR batch = ?3)
            """, [id, booking.visit, request.chrgBchno])
        return answer
    }

    /// The answer as 5203 and 2208 need it again.
    func keep(_ answer: SettlementAnswer, of settlement: Int64) throws {
        try run(
            "UPDATE settlement SET info = ? WHERE id = ?", [Data(answer.output.text()), settlement])
    }

    /// Changes an account's balance; one that would become negative is refused.
    func move(_ amount: ExactDecimal, _ person: String, _ insutype: String) throws {
        guard amount != .zero else { return }
        let row = try first(
            "SELECT balance FROM insurance WHERE psn_no = ? AND insutype = ?", [person, insutype])
        guard let row, row.cents("balance") + amount >= .zero else { throw BusinessRefusal.accountTooLow }
        try run(
            "UPDATE insurance SET balance = balance + ? WHERE psn_no = ? AND insutype = ?",
            [amount.cents, person, insutype])
    }

    private struct Reckoning {
        let visit: Row
        let sum: SettlementSum
        /// Before the settlement.
        let balance: ExactDecimal
    }

    private func reckon(_ request: SettlementRequest, _ call: BusinessCall) throws -> Reckoning {
        let insurance = try insurance(of: request.psnNo, request.insutype, call)
        let visit = try visit(request.mdtrtID, of: request.psnNo, call)
        guard visit["insutype"] == request.insutype else { throw BusinessRefusal.notInsured }
        let row = try first(
            """
            SELECT count(*) AS count, sum(amount) AS amount, sum(own) AS own, sum(over_limit) AS over_limit,
                sum(selfpay) AS selfpay, sum(in_scope) AS in_scope
            FROM fee WHERE visit = ?1 AND settlement IS NULL AND (?2 = '' OR batch = ?2)
            """, [visit["id"] as Int64, request.chrgBchno])
        guard let row, row["count"] as Int64 > 0 else { throw BusinessRefusal.nothingToSettle }
        var sum = SettlementSum()
        sum.medfee = row.cents("amount")
        sum.own = row.cents("own")
        sum.overLimit = row.cents("over_limit")
        sum.selfpay = row.cents("selfpay")
        sum.inScope = row.cents("in_scope")
        guard sum.medfee == request.medfeeSumamt else { throw BusinessRefusal.wrongTotal }
        let balance = insurance.cents("balance")
        sum.divide(
            insutype: request.insutype, isCivilServant: insurance["civil_servant"] == "1",
            balance: request.acctUsedFlag == "1" ? balance : nil)
        return Reckoning(visit: visit, sum: sum, balance: balance)
    }

    /// 2207 repeats what 2206 found. Who leaves the parts out (all zero) is let through.
    private func requireAgreement(_ request: SettlementRequest, _ sum: SettlementSum) throws {
        let parts: [(String, ExactDecimal, ExactDecimal)] = [
            ("fulamt_ownpay_amt", request.fulamtOwnpayAmt, sum.own),
            ("overlmt_selfpay", request.overlmtSelfpay, sum.overLimit),
            ("preselfpay_amt", request.preselfpayAmt, sum.selfpay),
            ("inscp_scp_amt", request.inscpScpAmt, sum.inScope),
        ]
        if parts.allSatisfy({ $0.1 == .zero }) { return }
        for (name, given, due) in parts where given != due { throw BusinessRefusal.wrongPart(name) }
    }

    private func answer(
        _ reckoning: Reckoning, setlID: String, balance: ExactDecimal, _ call: BusinessCall
    ) -> SettlementAnswer {
        let sum = reckoning.sum
        let isBooked = !setlID.isEmpty
        var info = SettlementInfo(
            mdtrtID: Identifier.visit(reckoning.visit["id"]), setlID: setlID,
            setlTime: ChinaTime.text(call.received, .text),
            medinsSetlID: isBooked ? call.request.msgid : "", medfeeSumamt: sum.medfee,
            fundPaySumamt: sum.fund, acctPay: sum.account, psnCashPay: sum.cash)
        info.fulamtOwnpayAmt = sum.own
        info.overlmtSelfpay = sum.overLimit
        info.preselfpayAmt = sum.selfpay
        info.inscpScpAmt = sum.inScope
        info.hifpPay = sum.pool
        info.poolPropSelfpay = sum.ratio
        info.cvlservPay = sum.civilServant
        info.psnPartAmt = sum.personPart
        info.balc = balance
        info.clrOptins = call.request.mdtrtareaAdmvs
        info.clrWay = "1"
        info.clrType = (reckoning.visit["is_inpatient"] as Bool) ? "21" : "11"
        var shares: [SettlementShare] = []
        let funds = [("310100", "基本医疗保险统筹基金", sum.pool), ("320100", "公务员医疗补助", sum.civilServant)]
        for (type, name, amount) in funds where amount != .zero {
            var share = SettlementShare(fundPayType: type, fundPayTypeName: name, fundPayamt: amount)
            share.inscpScpAmt = sum.inScope
            shares.append(share)
        }
        return SettlementAnswer(info: info, shares: shares)
    }
}
