import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("Reconciliation", .timeLimit(.minutes(10)))
struct ReconciliationTests {
    private func settle(_ stage: SettlementStage, _ count: Int) async throws -> [PlatformCall] {
        var calls: [PlatformCall] = []
        for number in 0..<count {
            let infno = number % 3 == 2 ? "2304" : "2207"
            calls.append(
                stage.settlement(visit: "V\(number)", infno: infno, cents: Int64(1_000 + number * 37)))
            try await stage.carry(calls[number])
        }
        return calls
    }

    @Test("Equal books are one 3201 a group, and reversals are confirmed by them")
    func equal() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, 6)
            try await stage.carry(stage.reversal(of: calls[0]))
            #expect(try await stage.entry(calls[0].msgid)?.confirmedAt == nil)
            let report = try await stage.reconcile()
            #expect(report.isEqual && report.statements.count == 2 && report.tasks.isEmpty)
            #expect(report.statements.map(\.totals.count) == [3, 2])
            #expect(await stage.ledger.counts["3201"] == 2)
            #expect(await stage.ledger.counts["3202"] == nil)
            #expect(try await stage.entry(calls[0].msgid)?.confirmedAt == stage.now)
            let again = try await stage.reconcile()
            #expect(again.statements.map(\.runs) == [2, 2] && again.isEqual)
        }
    }

    @Test("What the platform has although it said no is taken back, and the books are equal then")
    func reverses() async throws {
        try await SettlementStage.run { stage in
            _ = try await settle(stage, 4)
            stage.platform.script("2207", .liar)
            let call = stage.settlement(visit: "V9")
            #expect(try await stage.carry(call).outcome.name == "refused")
            try await stage.advance(seconds: 60)
            let report = try await stage.reconcile()
            #expect(report.isEqual)
            #expect(report.statements.map(\.reversed) == [1, 1])
            #expect(try await stage.state(call) == .reversed)
            #expect(try await stage.entry(call.msgid)?.confirmedAt != nil)
            #expect(await stage.ledger.counts["2601"] == 1)
        }
    }

    @Test("The rest is left to a person: once each, and closed when it is gone")
    func tasks() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, 6)
            try await stage.advance(seconds: 60)
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1))
            await stage.ledger.tamper(msgid: calls[1].msgid, total: nil)
            let foreign = stage.settlement(visit: "X")
            try await stage.ledger.addForeign(foreign)
            for _ in 0..<3 {
                let report = try await stage.reconcile()
                #expect(!report.isEqual)
                #expect(report.tasks.count == 3)
                #expect(Set(report.tasks.map(\.kind)) == [.amountsDiffer, .onlyHere, .onlyThere])
            }
            #expect(await stage.ledger.counts["2601"] == nil, "the journal doesn't know the foreign one")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1_000))
            let report = try await stage.reconcile()
            #expect(Set(report.tasks.map(\.kind)) == [.onlyHere, .onlyThere])
            let gone = try await stage.authority.platformTasks(.gone, Page())
            #expect(gone.map(\.kind) == [.amountsDiffer] && gone.first?.msgid == calls[0].msgid)
            let only = try #require(report.tasks.first { $0.kind == .onlyThere })
            #expect(only.msgid == foreign.msgid)
            await #expect(throws: InputError.self) {
                try await stage.desk.resolver.decide(only.id, .reverse, by: stage.admin)
            }
            let done = try await stage.desk.resolver.decide(only.id, .done, by: stage.admin)
            #expect(done.decidedBy != nil)
            #expect(try await stage.reconcile().tasks.map(\.kind) == [.onlyHere])
        }
    }

    @Test(
        "A run that breaks off anywhere is done again", arguments: ["3201", "9101", "3202", "9102", "2601"])
    func breaksOff(infno: String) async throws {
        for trouble in [PlatformTrouble.lostBefore, .lostAfter, .notSent, .unreadable, .systemErrorAfter] {
            try await SettlementStage.run { stage in
                _ = try await settle(stage, 4)
                stage.platform.script("2207", .liar)
                let call = stage.settlement(visit: "V9")
                try await stage.carry(call)
                try await stage.advance(seconds: 60)
                stage.platform.script(infno, trouble)
                _ = try await stage.reconcile()
                try stage.crash()
                try await stage.open()
                try await stage.resolveAll()
                try await stage.advance(seconds: 60)
                var report = try await stage.reconcile()
                if !report.isEqual {
                    try await stage.advance(seconds: 60)
                    report = try await stage.reconcile()
                }
                #expect(report.isEqual, "\(infno) \(trouble)")
                #expect(try await stage.state(call) == .reversed)
            }
        }
    }

    @Test("Open calls are resolved first, and what stays open makes a day not equal")
    func open() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostAfter, .lostBefore)
            let (found, stays) = (stage.settlement(visit: "V1"), stage.settlement(visit: "V2"))
            try await stage.carry(found)
            try await stage.carry(stays)
            let report = try await stage.reconcile()
            #expect(try await stage.state(found) == .success)
            #expect(!report.isEqual && report.statements.map(\.open).reduce(0, +) == 1)
            #expect(report.tasks.isEmpty)
            try await stage.resolveAll()
            #expect(try await stage.reconcile().isEqual)
        }
    }
}
