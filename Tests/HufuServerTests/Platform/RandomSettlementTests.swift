import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

/// Thousands of money calls over a line that loses, delays, doubles and lies, by a process that crashes. What
/// must hold afterwards is said in `check`.
@Suite("Money calls at random", .timeLimit(.minutes(10)))
struct RandomSettlementTests {
    private static let rounds = 10
    /// More of them for a long run: HUFU_SOAK_VISITS.
    private static let callsARound =
        (ProcessInfo.processInfo.environment["HUFU_SOAK_VISITS"].flatMap(Int.init) ?? 1_000) / rounds

    @Test("Ledger and journal agree to the cent, whatever happened", arguments: [1, 2] as [UInt64])
    func agree(seed: UInt64) async throws {
        // A lost reversal of a registration is a person's, so none is made here: ResolverTests do.
        try await SettlementStage.run(seed: seed, percent: 35) { stage in
            for round in 0..<Self.rounds {
                try await callers(stage, round, crashes: round % 2 == 1)
                try await stage.desk.resolver.step()
                try await stage.advance(seconds: 20)
            }
            #expect(stage.platform.troubles.count == PlatformTrouble.allCases.count, "every trouble was met")
            try await stage.resolveAll(within: 40_000)
            let open = try await stage.store.read { try $0.openSettlementCount().count }
            #expect(open == 0)
            var report = try await stage.reconcile()
            for _ in 0..<40 where !report.isEqual {
                try await stage.advance(seconds: 600)
                try await stage.resolveAll(within: 40_000)
                report = try await stage.reconcile(report.date)
            }
            #expect(report.isEqual, "\(report.statements) \(report.tasks)")
            try await check(stage)
        }
    }

    /// Many visits at once; in the middle of it the process may end.
    private func callers(_ stage: SettlementStage, _ round: Int, crashes: Bool) async throws {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<Self.callsARound {
                group.addTask { await visit(stage, "R\(round)V\(number)", number) }
            }
            if crashes {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(30))
                    try? stage.crash()
                }
            }
        }
        if crashes { try await stage.open() }
    }

    /// What a hospital's system does, and some of it what it shouldn't. An error means that the process is gone:
    /// it asks no more.
    private func visit(_ stage: SettlementStage, _ visit: String, _ number: Int) async {
        do {
            let infno = number % 5 == 0 ? "2304" : "2207"
            let cents = Int64(100 + number * 7_919 % 1_000_000)
            let call = stage.settlement(visit: visit, infno: infno, cents: cents)
            let key = number % 3 == 0 ? visit : nil
            var reply = try await stage.carry(call, key: key)
            for _ in 0..<3 where reply.outcome.name == "not_carried_out" {
                reply = try await stage.carry(call, key: key)
            }
            if number % 4 == 0 {
                // Again without asking what became of it, under a new msgid.
                reply = try await stage.carry(
                    stage.settlement(visit: visit, infno: infno, cents: cents), key: key)
            }
            guard let setlID = reply.setlID else { return }
            if number % 7 == 0 { try await stage.carry(stage.cancellation(setlID: setlID, visit: visit)) }
            if number % 11 == 0 { try await stage.carry(stage.reversal(of: call)) }
        } catch {}
    }

    private func check(_ stage: SettlementStage) async throws {
        let rows = await stage.ledger.live
        let groups = try await stage.store.read { [date = stage.date] transaction in
            try transaction.statementTotals(fixmedinsCode: SettlementStage.code, date: date)
        }
        var journal: [String: JournalEntry] = [:]
        for key in groups.keys {
            for stored in try await stage.store.read({ try $0.countedSettlements(key) }) {
                journal[stored.entry.msgid] = stored.entry
            }
        }
        #expect(Set(journal.keys) == Set(rows.map(\.msgid)))
        for row in rows {
            let amounts = journal[row.msgid]?.amounts
            #expect(amounts?.total == row.info.medfeeSumamt.cents)
            #expect(amounts?.fund == row.info.fundPaySumamt.cents)
            #expect(amounts?.account == row.info.acctPay.cents)
            #expect(amounts?.cash == row.info.psnCashPay.cents)
        }
        // No visit is settled twice, and no message moved money more often than the line doubled it.
        let refunded = Set(rows.compactMap(\.refunds))
        let settled = rows.filter { $0.refunds == nil && !refunded.contains($0.msgid) }
        #expect(Set(settled.map(\.info.mdtrtID)).count == settled.count)
        #expect(await stage.ledger.arrivals.values.allSatisfy { $0 <= 2 })
        #expect(rows.count > Self.rounds * Self.callsARound * 2 / 5)
    }
}
