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
        let rows = RowComparison(authority: authority, seal: settlements.seal)
        let found = try await rows.differences(site, date).filter { $0.finding != .nothing }
        var tasks: [PlatformTask] = []
        var reversed = 0
        for difference in found {
            switch difference.finding {
            case .nothing: continue
            case .reverse:
                guard let stored = difference.stored,
                    let isReversed = try await reverse(stored, site, call)
                else { continue }
                if isReversed {
                    reversed += 1
                } else {
                    tasks.append(task(.onlyThere, difference, site, date))
                }
            case .task(let kind): tasks.append(task(kind, difference, site, date))
            }
        }
        try await authority.open(tasks)
        try await closeTasks(site, date, except: Set(tasks.map { "\($0.kind) \($0.subject)" }))
        return (found.count, reversed)
    }

    /// Whether it is reversed now; nil when it changed, or is being changed, since it was found.
    private func reverse(
        _ stored: StoredSettlement, _ site: SettlementSite, _ call: Call
    ) async throws -> Bool? {
        let msgid = stored.entry.msgid
        return try await settlements.claiming(msgid) { () -> Bool? in
            guard try await authority.store.read({ try $0.settlement(msgid: msgid) }) == stored else {
                return nil
            }
            let (entry, _) = try await settlements.carryReversal(
                stored, try settlements.reversalCall(stored, site), site, by: call)
            return entry.state == .reversed
        } ?? nil
    }

    private func task(
        _ kind: PlatformTask.Kind, _ difference: RowComparison.Difference, _ site: SettlementSite,
        _ date: String
    ) -> PlatformTask {
        let (row, stored) = (difference.row, difference.stored)
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
