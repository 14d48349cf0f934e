import InsurancePlatform

/// The books as the control API shows them; amounts are strings, exact to the cent.
extension LedgerTotals {
    var json: JSONText {
        .object([
            "fixmedins_code": .string(institution), "day": .string(day), "insutype": .string(insutype),
            "clr_type": .string(clrType), "fixmedins_setl_cnt": .number(count),
            "medfee_sumamt": .string(medfee.text(scale: 2)),
            "fund_pay_sumamt": .string(fund.text(scale: 2)), "acct_pay": .string(account.text(scale: 2)),
            "psn_cash_pay": .string(cash.text(scale: 2)),
        ])
    }
}

extension LedgerFinding {
    var json: JSONText {
        .object([
            "name": .string(name), "holds": .boolean(holds), "violations": .number(violations),
        ])
    }
}

extension LedgerSettlement {
    var json: JSONText {
        .object([
            "setl_id": .string(setlID), "msgid": .string(msgid), "infno": .string(infno),
            "mdtrt_id": .string(mdtrtID), "day": .string(day), "insutype": .string(insutype),
            "clr_type": .string(clrType), "medfee_sumamt": .string(medfee.text(scale: 2)),
            "fund_pay_sumamt": .string(fund.text(scale: 2)), "acct_pay": .string(account.text(scale: 2)),
            "psn_cash_pay": .string(cash.text(scale: 2)), "is_refund": .boolean(isRefund),
            "is_reversed": .boolean(isReversed),
        ])
    }
}

extension SandboxPerson {
    var json: JSONText {
        .object([
            "psn_no": .string(psnNo), "psn_name": .string(name), "certno": .string(certNo),
            "card_no": .string(cardNo), "token_no": .string(tokenNo), "insutype": .string(insutype),
            "insuplc_admdvs": .string(admdvs), "balc": .string(balance.text(scale: 2)),
            "in_force": .boolean(isInsured),
        ])
    }
}
