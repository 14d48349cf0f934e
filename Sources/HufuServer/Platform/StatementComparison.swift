import InsurancePlatform

extension SettlementSite {
    /// 3201: whether the platform's totals of a group are the journal's.
    ///
    /// Throws `PlatformFailure`, or ``BusinessRefusal`` when the platform won't compare.
    func agrees(_ key: StatementKey, _ totals: StatementTotals) async throws -> Bool {
        let amounts = totals.amounts
        let answer = try await platform.carry(
            StatementTotal(
                insutype: key.insutype, clrType: key.clrType, setlOptins: setlOptins,
                stmtBegndate: key.date, stmtEnddate: key.date,
                medfeeSumamt: ExactDecimal(cents: amounts.total),
                fundPaySumamt: ExactDecimal(cents: amounts.fund),
                acctPay: ExactDecimal(cents: amounts.account), fixmedinsSetlCnt: totals.count),
            msgid: newMessageID(), sender: sender, signNo: signNo)
        return answer.agrees
    }
}
