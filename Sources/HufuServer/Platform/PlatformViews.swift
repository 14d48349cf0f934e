package import AuditLog
import Foundation
package import InsurancePlatform
import Storage

/// How the platform's nouns look in answers. Absent members are left out; nothing of them is personal.

extension JournalEntry: Representable {
    package var json: JSON {
        .compact([
            "msgid": .string(msgid), "infno": .string(infno), "fixmedins_code": .string(fixmedinsCode),
            "institution_id": .string(institution), "state": .string(state.rawValue),
            "reason": JSON(reason), "infcode": JSON(infcode), "date": .string(date),
            "mdtrt_id": JSON(mdtrtID), "setl_id": JSON(setlID), "insutype": JSON(insutype),
            "clr_type": JSON(clrType), "medfee_sumamt": .string(SettlementAmounts.text(amounts.total)),
            "fund_pay_sumamt": .string(SettlementAmounts.text(amounts.fund)),
            "acct_pay": .string(SettlementAmounts.text(amounts.account)),
            "psn_cash_pay": .string(SettlementAmounts.text(amounts.cash)), "sent_at": JSON(moment: sentAt),
            "changed_at": JSON(moment: changedAt), "next_at": state.isOpen ? JSON(moment: nextAt) : .null,
            "attempts": state.isOpen ? JSON(attempts) : .null, "reversal_msgid": JSON(reversalMsgid),
            "confirmed_at": confirmedAt.map { JSON(moment: $0) } ?? .null,
        ])
    }
}

extension StatementResult: Representable {
    package var json: JSON {
        .compact([
            "fixmedins_code": .string(key.fixmedinsCode), "insutype": .string(key.insutype),
            "clr_type": .string(key.clrType), "result": .string(outcome.rawValue), "reason": JSON(reason),
            "count": JSON(totals.count),
            "medfee_sumamt": .string(SettlementAmounts.text(totals.amounts.total)),
            "fund_pay_sumamt": .string(SettlementAmounts.text(totals.amounts.fund)),
            "acct_pay": .string(SettlementAmounts.text(totals.amounts.account)),
            "psn_cash_pay": .string(SettlementAmounts.text(totals.amounts.cash)),
            "differences": JSON(differences), "reversed": JSON(reversed), "open": JSON(open),
            "rounds": JSON(rounds), "runs": JSON(runs), "compared_at": JSON(moment: comparedAt),
        ])
    }
}

extension PlatformTask: Representable {
    package var json: JSON {
        .compact([
            "id": JSON(id), "fixmedins_code": .string(key.fixmedinsCode), "date": .string(key.date),
            "insutype": .string(key.insutype), "clr_type": .string(key.clrType),
            "kind": .string(kind.rawValue), "msgid": JSON(msgid), "setl_id": JSON(setlID),
            "mdtrt_id": JSON(mdtrtID), "state": .string(state.rawValue),
            "decision": JSON(decision?.rawValue), "decided_by": JSON(decidedBy),
            "created_at": JSON(moment: createdAt),
            "decided_at": decidedAt.map { JSON(moment: $0) } ?? .null,
        ])
    }
}

extension ReconciliationReport: Representable {
    package var json: JSON {
        [
            "date": .string(date), "equal": .bool(isEqual),
            "statements": .array(statements.map(\.json)), "tasks": .array(tasks.map(\.json)),
        ]
    }
}

extension SettlementReply {
    /// The answer for the institution's own devices. It may hold personal values, and amounts keep their text:
    /// no JSON of ours that goes through binary fractions.
    package var text: [UInt8] {
        var members: [String: ExactJSON] = [
            "msgid": .string(msgid), "outcome": .string(outcome.name), "link": .string(link),
        ]
        switch outcome {
        case .settled(let answer), .refused(let answer):
            var shown: [String: ExactJSON] = [
                "infcode": .number(String(answer.infcode)), "inf_refmsgid": .string(answer.refMessageID),
                "output": answer.output,
            ]
            shown["err_msg"] = answer.message.map { .string($0) }
            members["answer"] = .object(shown)
        case .notCarriedOut(let reason), .unknown(let reason), .notSettled(let reason):
            members["reason"] = .string(reason)
        case .reversed: break
        case .unresolved(let msgid):
            members["reason"] = "settlement_unresolved"
            members["link"] = .string(Self.link(msgid))
        }
        return ExactJSON.object(members).text()
    }
}

extension JSON {
    fileprivate init(moment: Int64) { self = .string(RFC3339.string(unixMilliseconds: moment)) }
}
