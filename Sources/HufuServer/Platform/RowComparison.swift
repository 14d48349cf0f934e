import Foundation
import InsurancePlatform
import Storage

/// A day's rows against the platform's, each difference beside what the journal has of it.
struct RowComparison: Sendable {
    struct Difference: Sendable {
        let row: StatementDifference
        let stored: StoredSettlement?
        let finding: StatementFinding
    }

    let authority: Authority
    let seal: SettlementSeal

    /// 9101, 3202, 9102, and then the journal: what was open when its rows were read, is open now or changed in
    /// between is no finding.
    func differences(_ site: SettlementSite, _ date: String) async throws -> [Difference] {
        let code = site.fixmedinsCode
        let readAt = authority.clock() / 1_000_000
        let (counted, open) = try await authority.store.read { transaction in
            let groups = try transaction.statementTotals(fixmedinsCode: code, date: date)
            return (
                try groups.keys.sorted().flatMap { try transaction.countedSettlements($0) },
                try transaction.openMessages(fixmedinsCode: code)
            )
        }
        var differences: [Difference] = []
        for row in try await compare(counted, site, date) {
            let stored = try await settlement(of: row, code)
            let wasOpen = stored.map { open.contains($0.entry.msgid) } ?? false
            differences.append(
                Difference(
                    row: row, stored: stored,
                    finding: wasOpen ? .nothing : StatementFinding(row, stored?.entry, readAt: readAt)))
        }
        return differences
    }

    private func compare(
        _ counted: [StoredSettlement], _ site: SettlementSite, _ date: String
    ) async throws -> [StatementDifference] {
        let rows = try counted.map { stored in
            let entry = stored.entry
            let details = try seal.details(stored.details, msgid: entry.msgid)
            return StatementRow(
                setlID: entry.setlID ?? "", mdtrtID: entry.mdtrtID ?? "", psnNo: details.psnNo,
                medfeeSumamt: ExactDecimal(cents: entry.amounts.total),
                fundPaySumamt: ExactDecimal(cents: entry.amounts.fund),
                acctPay: ExactDecimal(cents: entry.amounts.account),
                isRefund: MoneyRules.isRefund(entry.infno))
        }
        let amounts = counted.map(\.entry.amounts)
        let uploaded = try await site.platform.carry(
            FileUpload(
                filename: "\(date).zip", fixmedinsCode: site.fixmedinsCode,
                content: try StatementFile.zip(rows: rows)),
            msgid: site.newMessageID(), sender: site.sender, signNo: site.signNo)
        let compared = try await site.platform.carry(
            StatementDetail(
                setlOptins: site.setlOptins, fileQuryNo: uploaded.fileQuryNo, stmtBegndate: date,
                stmtEnddate: date, medfeeSumamt: ExactDecimal(cents: amounts.reduce(0) { $0 + $1.total }),
                fundPaySumamt: ExactDecimal(cents: amounts.reduce(0) { $0 + $1.fund }),
                cashPayamt: ExactDecimal(cents: amounts.reduce(0) { $0 + $1.cash }),
                fixmedinsSetlCnt: rows.count),
            msgid: site.newMessageID(), sender: site.sender, signNo: site.signNo)
        let result = try await site.platform.carry(
            FileDownload(
                fileQuryNo: compared.fileQuryNo, filename: compared.filename,
                fixmedinsCode: site.fixmedinsCode),
            msgid: site.newMessageID(), sender: site.sender, signNo: site.signNo)
        return try StatementFile.differences(fromZip: result.content)
    }

    private func settlement(of row: StatementDifference, _ code: String) async throws -> StoredSettlement? {
        try await authority.store.read { transaction in
            if !row.msgid.isEmpty, let stored = try transaction.settlement(msgid: row.msgid),
                stored.entry.fixmedinsCode == code
            {
                return stored
            }
            if row.setlID.isEmpty { return nil }
            return try transaction.settlement(fixmedinsCode: code, setlID: row.setlID)
        }
    }
}
