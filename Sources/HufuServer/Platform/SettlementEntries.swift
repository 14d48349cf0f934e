import AuditLog
import Foundation
import InsurancePlatform
import Storage

extension Authority {
    /// Appends the entry of a step of the journal, in the transaction of the step. Nothing in it is personal.
    func log(
        _ transaction: Transaction, _ settlement: JournalEntry, _ event: String, _ action: String,
        outcome: AuditEntry.Outcome = .success, reason: String? = nil, _ call: Call,
        more: [String: JSON] = [:]
    ) throws {
        var record = Record(subject: "settlement")
        record.subject.id = settlement.msgid
        record.serialNumber = settlement.msgid
        record.data = settlement.logged.merging(more) { $1 }
        try append(
            transaction, entry(record, outcome, reason, call, event, action, [:], clock()))
    }
}

extension JournalEntry {
    fileprivate var logged: [String: JSON] {
        var data: [String: JSON] = [
            "infno": .string(infno), "fixmedins_code": .string(fixmedinsCode),
            "institution_id": .string(institution), "state": .string(state.rawValue), "date": .string(date),
        ]
        data["infcode"] = infcode.map { JSON($0) }
        data["mdtrt_id"] = mdtrtID.map { .string($0) }
        data["setl_id"] = setlID.map { .string($0) }
        data["insutype"] = insutype.map { .string($0) }
        data["clr_type"] = clrType.map { .string($0) }
        data["reversal_msgid"] = reversalMsgid.map { .string($0) }
        if state == .success, MoneyRules.isSettlement(infno) {
            data["medfee_sumamt"] = .string(SettlementAmounts.text(amounts.total))
            data["fund_pay_sumamt"] = .string(SettlementAmounts.text(amounts.fund))
            data["acct_pay"] = .string(SettlementAmounts.text(amounts.account))
            data["psn_cash_pay"] = .string(SettlementAmounts.text(amounts.cash))
        }
        return data
    }
}
