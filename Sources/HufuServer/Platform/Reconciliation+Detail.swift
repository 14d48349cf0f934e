import AuditLog
import Foundation
import InsurancePlatform
import Storage

extension Reconciliation {
    /// Compares a day row by row, and acts on what differs: takes back what only the platform has although
    /// the journal says that it is not there, and leaves the rest to a person.
    func act(
        on site: SettlementSite, _ date: String, _ call: Call
    ) async throws -> (differences: Int, reversed: Int) {
        let readAt = settlements.now
        let rows = try await differences(site, date)
        var tasks: [PlatformTask] = []
        var reversed = 0
        var counted = 0
        for row in rows {
            let stored = try await settlement(of: row, site)
            let finding = StatementFinding(row, stored?.entry, readAt: readAt)
            if finding != .nothing { counted += 1 }
            switch finding {
            case .nothing: continue
            case .reverse:
                if let stored, try await reverse(stored, site, call) {
                    reversed += 1
                } else {
                    tasks.append(task(.onlyThere, row, stored, site, date))
                }
            case .task(let kind): tasks.append(task(kind, row, stored, site, date))
            }
        }
        try await authority.open(tasks)
        try await closeTasks(site, date, except: Set(tasks.map { "\($0.kind) \($0.subject)" }))
        return (counted, reversed)
    }

    /// 9101, 3202, 9102.
    private func differences(_ site: SettlementSite, _ date: String) async throws -> [StatementDifference] {
        let groups = try await authority.store.read {
            try $0.statementTotals(fixmedinsCode: site.fixmedinsCode, date: date)
        }
        var counted: [StoredSettlement] = []
        for key in groups.keys.sorted() {
            counted += try await authority.store.read { try $0.countedSettlements(key) }
        }
        let rows = try counted.map { stored in
            let entry = stored.entry
            let details = try settlements.seal.details(stored.details, msgid: entry.msgid)
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

    private func settlement(
        of row: StatementDifference, _ site: SettlementSite
    ) async throws -> StoredSettlement? {
        try await authority.store.read { transaction in
            if !row.msgid.isEmpty, let stored = try transaction.settlement(msgid: row.msgid),
                stored.entry.fixmedinsCode == site.fixmedinsCode
            {
                return stored
            }
            if row.setlID.isEmpty { return nil }
            return try transaction.settlement(fixmedinsCode: site.fixmedinsCode, setlID: row.setlID)
        }
    }

    /// Whether it is reversed now.
    private func reverse(
        _ stored: StoredSettlement, _ site: SettlementSite, _ call: Call
    ) async throws -> Bool {
        let isReversed = try await settlements.claiming(stored.entry.msgid) { () -> Bool in
            let (entry, _) = try await settlements.carryReversal(
                stored, try settlements.reversalCall(stored, site), site, by: call)
            return entry.state == .reversed
        }
        return isReversed ?? false
    }

    private func task(
        _ kind: PlatformTask.Kind, _ row: StatementDifference, _ stored: StoredSettlement?,
        _ site: SettlementSite, _ date: String
    ) -> PlatformTask {
        let nowhere = StatementKey(
            fixmedinsCode: site.fixmedinsCode, date: date, insutype: "", clrType: "")
        func known(_ text: String) -> String? { text.isEmpty ? nil : String(text.prefix(64)) }
        var key = stored?.entry.statementKey ?? nowhere
        key.date = date
        return PlatformTask(
            key: key, kind: kind, msgid: stored?.entry.msgid ?? known(row.msgid),
            setlID: known(row.setlID) ?? stored?.entry.setlID,
            mdtrtID: known(row.mdtrtID) ?? stored?.entry.mdtrtID, createdAt: settlements.now)
    }

    /// Closes the day's tasks whose difference is gone.
    func closeTasks(_ site: SettlementSite, _ date: String, except kept: Set<String>) async throws {
        let now = settlements.now
        try await authority.store.write { transaction in
            let open = try transaction.openTasks(fixmedinsCode: site.fixmedinsCode, date: date)
            for var task in open
            where task.kind != .undecided && !kept.contains("\(task.kind) \(task.subject)") {
                task.state = .gone
                task.decidedAt = now
                try transaction.update(task)
            }
        }
    }
}
