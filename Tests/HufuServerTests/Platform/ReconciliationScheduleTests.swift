import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

/// The stage's clock begins on 2026-11-20, at 10 o'clock in China.
@Suite("Which days are reconciled by themselves", .timeLimit(.minutes(10)))
struct ReconciliationScheduleTests {
    private static let hour: Int64 = 3600
    private static let day = 24 * hour

    private func settle(_ stage: SettlementStage, _ count: Int) async throws -> [PlatformCall] {
        var calls: [PlatformCall] = []
        for number in 0..<count {
            calls.append(stage.settlement(visit: "\(stage.date)V\(number)", cents: Int64(1_000 + number)))
            try await stage.carry(calls[number])
        }
        return calls
    }

    @Test("The day's run comes after midnight, and again until the books are equal")
    func daily() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, 3)
            #expect(try await stage.reconcileDue().isEmpty)
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1))
            try await stage.advance(seconds: 14 * Self.hour + 1800)
            #expect(try await stage.reconcileDue().isEmpty, "half past midnight")
            try await stage.advance(seconds: 1800)
            #expect(try await stage.reconcileDue().map(\.isEqual) == [false])
            #expect(try await stage.reconcileDue().isEmpty, "not at once again")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1_000))
            try await stage.advance(seconds: Self.hour)
            let reports = try await stage.reconcileDue()
            #expect(reports.map(\.isEqual) == [true] && reports.map(\.date) == ["2026-11-20"])
            try await stage.advance(seconds: Self.hour)
            #expect(try await stage.reconcileDue().isEmpty)
        }
    }

    @Test("A day on which the journal has nothing is compared where groups are always compared")
    func emptyDay() async throws {
        try await SettlementStage.run { stage in
            #expect(try await stage.reconcileDue().isEmpty)
            try await stage.advance(seconds: Self.day)
            let reports = try await stage.reconcileDue()
            #expect(reports.map(\.date) == ["2026-11-20"], "and no day before the server's first")
            #expect(reports.first?.isEqual == true && reports.first?.statements.count == 2)
            try await stage.ledger.addForeign(stage.settlement(visit: "X"))
            try await stage.advance(seconds: Self.day)
            let foreign = try await stage.reconcileDue()
            #expect(foreign.map(\.date) == ["2026-11-21"])
            #expect(foreign.first?.tasks.map(\.kind) == [.onlyThere])
        }
        try await SettlementStage.run(compared: []) { stage in
            #expect(try await stage.reconcileDue().isEmpty)
            try await stage.advance(seconds: Self.day)
            #expect(try await stage.reconcileDue().isEmpty)
            #expect(await stage.ledger.counts.isEmpty)
        }
    }

    @Test("Days that passed while the server was down are compared when it is back")
    func down() async throws {
        try await SettlementStage.run(compared: []) { stage in
            _ = try await settle(stage, 2)
            try await stage.advance(seconds: Self.day)
            _ = try await settle(stage, 2)
            try stage.crash()
            try await stage.advance(seconds: 3 * Self.day)
            try await stage.open()
            let reports = try await stage.reconcileDue()
            #expect(reports.map(\.date) == ["2026-11-21", "2026-11-20"])
            #expect(reports.map(\.isEqual) == [true, true])
            #expect(try await stage.reconcileDue().isEmpty)
        }
    }

    @Test("An unequal day is not forgotten: it is compared less and less often, for 31 days")
    func unequal() async throws {
        try await SettlementStage.run(compared: []) { stage in
            let calls = try await settle(stage, 2)
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1))
            var times = 0
            for _ in 0..<(2 * 24 * 4) {
                times += try await stage.reconcileDue().count
                try await stage.advance(seconds: 900)
            }
            #expect((24...30).contains(times), "hourly for a day, then every six hours")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1_000))
            try await stage.advance(seconds: 6 * Self.hour)
            #expect(try await stage.reconcileDue().map(\.isEqual) == [true])
            try await stage.advance(seconds: 10 * Self.day)
            #expect(try await stage.reconcileDue().isEmpty)

            let later = try await settle(stage, 1)
            await stage.ledger.tamper(msgid: later[0].msgid, total: nil)
            try await stage.advance(seconds: 30 * Self.day)
            #expect(try await stage.reconcileDue().map(\.isEqual) == [false])
            try await stage.advance(seconds: 23 * Self.hour)
            #expect(try await stage.reconcileDue().isEmpty, "once a day")
            try await stage.advance(seconds: 2 * Self.day)
            #expect(try await stage.reconcileDue().isEmpty, "too long ago")
        }
    }

    @Test("A platform that doesn't answer is asked again an hour later")
    func silence() async throws {
        try await SettlementStage.run(compared: []) { stage in
            _ = try await settle(stage, 1)
            stage.platform.script("3201", .lostBefore)
            try await stage.advance(seconds: Self.day)
            #expect(try await stage.reconcileDue().first?.statements.map(\.outcome) == [.failed])
            #expect(try await stage.reconcileDue().isEmpty)
            try await stage.advance(seconds: Self.hour)
            #expect(try await stage.reconcileDue().map(\.isEqual) == [true])
        }
    }

    @Test("A reversal after the day's run is confirmed by a further one")
    func reversal() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, 3)
            try await stage.advance(seconds: Self.day)
            #expect(try await stage.reconcileDue().map(\.isEqual) == [true])
            try await stage.carry(stage.reversal(of: calls[0]))
            #expect(try await stage.entry(calls[0].msgid)?.confirmedAt == nil)
            #expect(try await stage.reconcileDue().isEmpty, "at most every hour")
            try await stage.advance(seconds: Self.hour)
            #expect(try await stage.reconcileDue().map(\.date) == ["2026-11-20"])
            #expect(try await stage.entry(calls[0].msgid)?.confirmedAt == stage.now)
            #expect(try await stage.reconcileDue().isEmpty)

            // Accepted, and not in force.
            try await stage.carry(stage.reversal(of: calls[1]))
            await stage.ledger.reinstate(msgid: calls[1].msgid)
            try await stage.advance(seconds: Self.hour)
            #expect(try await stage.reconcileDue().first?.statements.map(\.reversed) == [1, 1])
            #expect(await stage.ledger.live.map(\.msgid) == [calls[2].msgid])
            #expect(try await stage.entry(calls[1].msgid)?.confirmedAt == stage.now)
        }
    }

    @Test("A statement that was asked for before a reversal doesn't confirm it")
    func meanwhile() async throws {
        try await SettlementStage.run(compared: []) { stage in
            let calls = try await settle(stage, 2)
            stage.platform.hold("3201")
            let run = Task { try await stage.reconcile() }
            while stage.platform.heldCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
            try await stage.carry(stage.reversal(of: calls[0]))
            await stage.ledger.reinstate(msgid: calls[0].msgid)
            stage.platform.letGo()
            #expect(try await run.value.isEqual)
            #expect(try await stage.state(calls[0]) == .reversed)
            #expect(try await stage.entry(calls[0].msgid)?.confirmedAt == nil)
        }
    }
}
