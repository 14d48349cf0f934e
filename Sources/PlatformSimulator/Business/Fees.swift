import GRDB
import InsurancePlatform

/// 2204 and 2205.
extension LedgerTransaction {
    func upload(_ query: FeeUpload, _ call: BusinessCall) throws -> FeeUpload.Answer {
        var visits: [String: Row] = [:]
        var results: [FeeUpload.PricedFee] = []
        for (index, fee) in query.fees.enumerated() {
            let visit = try visits[fee.mdtrtID] ?? self.visit(fee.mdtrtID, of: fee.psnNo, call)
            guard visit["psn_no"] == fee.psnNo else { throw BusinessRefusal.unknownVisit }
            visits[fee.mdtrtID] = visit
            try requireConsistent(fee, row: index + 1)
            let priced = try price(fee)
            try book(fee, priced, visit["id"], row: index + 1)
            results.append(priced)
        }
        return FeeUpload.Answer(results: results)
    }

    func cancelFees(_ query: FeeCancel, _ call: BusinessCall) throws -> EmptyAnswer {
        let visit = try visit(query.mdtrtID, of: query.psnNo, call)
        try run(
            "DELETE FROM fee WHERE visit = ?1 AND settlement IS NULL AND (?2 = ?3 OR batch = ?2)",
            [visit["id"] as Int64, query.chrgBchno, FeeCancel.allBatches])
        guard changes > 0 else { throw BusinessRefusal.feesSettled }
        return EmptyAnswer()
    }

    /// Sites round the product differently: a cent's difference is let through.
    private func requireConsistent(_ fee: FeeUpload.Fee, row: Int) throws {
        let difference = fee.detItemFeeSumamt - fee.cnt.multiplied(by: fee.pric, scale: 2)
        guard max(difference, -difference) <= ExactDecimal(cents: 1) else {
            throw BusinessRefusal.feeAmount(row)
        }
    }

    /// What a person pays of a fee before the insurance looks at it: all of what the catalogue doesn't cover,
    /// what is above the price limit, and the item's own share of the rest, rounded half up to cents.
    private func price(_ fee: FeeUpload.Fee) throws -> FeeUpload.PricedFee {
        var priced = FeeUpload.PricedFee(
            feedetlSn: fee.feedetlSn, detItemFeeSumamt: fee.detItemFeeSumamt, cnt: fee.cnt, pric: fee.pric)
        let item = try first("SELECT * FROM catalogue WHERE code = ?", [fee.medListCodg])
        priced.chrgitmLv = item?["level"] ?? "03"
        priced.selfpayProp = ExactDecimal(units: item?["selfpay_ratio"] ?? 10_000, scale: 4)
        guard let item, priced.chrgitmLv != "03" else {
            priced.fulamtOwnpayAmt = fee.detItemFeeSumamt
            return priced
        }
        if let limit: Int64 = item["price_limit"] {
            priced.pricUplmtAmt = ExactDecimal(units: limit, scale: 6)
            if fee.pric > priced.pricUplmtAmt {
                let above = (fee.pric - priced.pricUplmtAmt).multiplied(by: fee.cnt, scale: 2)
                priced.overlmtAmt = min(above, fee.detItemFeeSumamt)
            }
        }
        let rest = fee.detItemFeeSumamt - priced.overlmtAmt
        priced.preselfpayAmt = rest.multiplied(by: priced.selfpayProp, scale: 2)
        priced.inscpScpAmt = rest - priced.preselfpayAmt
        return priced
    }

    private func book(
        _ fee: FeeUpload.Fee, _ priced: FeeUpload.PricedFee, _ visit: Int64, row: Int
    ) throws {
        let known = try first("SELECT 1 FROM fee WHERE visit = ? AND number = ?", [visit, fee.feedetlSn])
        guard known == nil else { throw BusinessRefusal.feeNumberUsed(row) }
        try run(
            """
            INSERT INTO fee (visit, number, batch, code, amount, own, over_limit, selfpay, in_scope)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                visit, fee.feedetlSn, fee.chrgBchno, fee.medListCodg, priced.detItemFeeSumamt.cents,
                priced.fulamtOwnpayAmt.cents, priced.overlmtAmt.cents, priced.preselfpayAmt.cents,
                priced.inscpScpAmt.cents,
            ])
    }
}
