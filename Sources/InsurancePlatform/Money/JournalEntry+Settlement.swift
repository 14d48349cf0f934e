extension JournalEntry {
    /// What the journal keeps of a call's input: whom and what visit it is about is the caller's to seal.
    public mutating func note(_ input: SettlementInput) {
        mdtrtID = input.mdtrtID
        setlID = input.setlID
        insutype = input.insutype
    }

    /// What a refund takes over from the settlement that it takes back.
    public mutating func note(refunding original: JournalEntry) {
        insutype = insutype ?? original.insutype
        clrType = clrType ?? original.clrType
        mdtrtID = mdtrtID ?? original.mdtrtID
    }

    /// What the platform booked. The day is the platform's: by it the statements are made.
    public mutating func note(_ info: SettlementInfo) {
        let booked = SettlementAmounts(
            total: Self.cents(info.medfeeSumamt), fund: Self.cents(info.fundPaySumamt),
            account: Self.cents(info.acctPay), cash: Self.cents(info.psnCashPay))
        amounts = MoneyRules.isRefund(infno) ? booked.refunded : booked
        if !info.setlID.isEmpty { setlID = info.setlID }
        if !info.mdtrtID.isEmpty { mdtrtID = info.mdtrtID }
        if !info.clrType.isEmpty { clrType = info.clrType }
        if let moment = ChinaTime.milliseconds(info.setlTime, .text) { date = ChinaTime.text(moment, .date) }
    }

    /// Amounts have two places; a platform that sends more is rounded, and the statement tells.
    private static func cents(_ amount: ExactDecimal) -> Int64 { amount.rounded(scale: 2).cents ?? 0 }

    /// From when "no such settlement" counts.
    public func silentFrom(_ schedule: RecoverySchedule) -> Int64 {
        max(sentAt, state == .reversing ? reversalAt ?? sentAt : sentAt) + schedule.quiet
    }

    /// The group that it counts in.
    public var statementKey: StatementKey {
        StatementKey(
            fixmedinsCode: fixmedinsCode, date: date, insutype: insutype ?? "", clrType: clrType ?? "")
    }
}
