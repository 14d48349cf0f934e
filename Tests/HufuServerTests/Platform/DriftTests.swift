import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("Drift of the totals", .timeLimit(.minutes(10)))
struct DriftTests {
    /// As the server's loop does: a step every ten seconds.
    private func watch(_ stage: SettlementStage, seconds: Int64) async throws {
        for _ in 0..<(seconds / 10) {
            try await stage.desk.drift.step()
            try await stage.advance(seconds: 10)
        }
    }

    private func settle(_ stage: SettlementStage, _ visits: String...) async throws -> [PlatformCall] {
        var calls: [PlatformCall] = []
        for visit in visits {
            calls.append(stage.settlement(visit: visit))
            try await stage.carry(calls[calls.count - 1])
        }
        return calls
    }

    @Test("A drift shows within a minute of the next outcome, and its end within another")
    func comesAndGoes() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, "V1", "V2")
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.isEmpty)
            #expect(await stage.ledger.counts["3201"] == 1, "one comparison for both outcomes")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 1))
            _ = try await settle(stage, "V3")
            try await watch(stage, seconds: 60)
            let key = try #require(try stage.desk.drift.drifting.keys.first)
            #expect(key.insutype == "310" && key.clrType == "11")
            #expect(await stage.ledger.counts["3202"] == 1)
            try await watch(stage, seconds: 300)
            #expect(await stage.ledger.counts["3202"] == 1, "the rows of what drifts are asked for seldom")
            let metrics = try await stage.desk.metrics()
            #expect(metrics.contains("hufu_platform_drifting_groups 1\n"))
            await stage.ledger.tamper(msgid: calls[0].msgid, total: ExactDecimal(cents: 12_345))
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.isEmpty)
            #expect(
                try await stage.events(key.description) == [
                    "statement.drift failure", "statement.drift success",
                ])
        }
    }

    @Test("What only the platform has is drift, too")
    func onlyThere() async throws {
        try await SettlementStage.run { stage in
            try await stage.ledger.addForeign(stage.settlement(visit: "X"))
            _ = try await settle(stage, "V1")
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.count == 1)
        }
    }

    @Test("A call whose outcome is open is no drift, and hides none", arguments: [true, false])
    func open(isCarriedOut: Bool) async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", nil, nil, isCarriedOut ? .lostAfter : .lostBefore)
            let calls = try await settle(stage, "V1", "V2", "V3")
            #expect(try await stage.state(calls[2]) == .unknown)
            for number in 0..<5 {
                try await watch(stage, seconds: 60)
                #expect(try stage.desk.drift.drifting.isEmpty)
                _ = try await settle(stage, "W\(number)")
            }
            await stage.ledger.tamper(msgid: calls[0].msgid, total: nil)
            _ = try await settle(stage, "W5")
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.count == 1)
            #expect(try await stage.state(calls[2]) == .unknown)
        }
    }

    @Test("Under traffic that never rests a lost row shows within a minute, and nothing else does")
    func traffic() async throws {
        try await SettlementStage.run { stage in
            stage.platform.holdAnswers("2207")
            var lost: Int64?
            var shown: Int64?
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { stage.platform.letGo() }
                for second in 0..<240 where shown == nil {
                    let call = stage.settlement(visit: "T\(second)")
                    group.addTask { try await stage.carry(call) }
                    // Carried out there, and not known here.
                    while await stage.ledger.rows[call.msgid] == nil || stage.platform.heldCount == 0 {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    if second == 180 {
                        let msgid = try #require(await stage.ledger.live.first?.msgid)
                        await stage.ledger.tamper(msgid: msgid, total: nil)
                        lost = stage.now
                    }
                    if second % 10 == 9 { try await stage.desk.drift.step() }
                    if try !stage.desk.drift.drifting.isEmpty { shown = stage.now }
                    // All amounts are the same: with one call under way the lost one is made up for.
                    stage.platform.letGo(allBut: second / 10 % 3)
                    try await stage.advance(seconds: 1)
                }
                stage.platform.letGo()
                try await group.waitForAll()
            }
            let (from, to) = (try #require(lost), try #require(shown))
            #expect(to >= from && to - from <= 60_000)
        }
    }

    @Test("What is answered while the rows are compared is no drift")
    func meanwhile() async throws {
        try await SettlementStage.run { stage in
            _ = try await settle(stage, "V1")
            stage.platform.holdAnswers("2207")
            let call = stage.settlement(visit: "V2")
            let settling = Task { try await stage.carry(call) }
            while stage.platform.heldCount < 1 { try await Task.sleep(for: .milliseconds(1)) }
            try await watch(stage, seconds: 20)
            stage.platform.hold("9102")
            let step = Task { try await stage.desk.drift.step() }
            while stage.platform.heldCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
            stage.platform.letGo(allBut: 1)
            _ = try await settling.value
            #expect(try await stage.state(call) == .success)
            stage.platform.letGo()
            try await step.value
            #expect(await stage.ledger.counts["9102"] == 1)
            #expect(try stage.desk.drift.drifting.isEmpty)
        }
    }

    @Test("Settlements, refunds and reversals at once raise no alarm")
    func noAlarm() async throws {
        try await SettlementStage.run { stage in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let visit = "V\(number)"
                        let infno = number % 3 == 0 ? "2304" : "2207"
                        let call = stage.settlement(visit: visit, infno: infno, cents: Int64(100 + number))
                        guard let setlID = try await stage.carry(call).setlID else { return true }
                        if number % 5 == 0 {
                            try await stage.carry(stage.cancellation(setlID: setlID, visit: visit))
                        } else if number % 5 == 1 {
                            try await stage.carry(stage.reversal(of: call))
                        }
                        return true
                    }
                }
                group.addTask {
                    for _ in 0..<100 {
                        try await watch(stage, seconds: 10)
                        if try !stage.desk.drift.drifting.isEmpty { return false }
                    }
                    return true
                }
                for try await holds in group { #expect(holds) }
            }
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.isEmpty)
        }
    }

    @Test("After a start the day's groups are compared without waiting for an outcome")
    func start() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, "V1", "V2")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: nil)
            try stage.crash()
            try await stage.open()
            try await watch(stage, seconds: 60)
            #expect(try stage.desk.drift.drifting.count == 1)
        }
    }

    @Test("When the rows can't be had, nothing is claimed, and they are asked for again")
    func rowsFail() async throws {
        try await SettlementStage.run { stage in
            let calls = try await settle(stage, "V1", "V2")
            await stage.ledger.tamper(msgid: calls[0].msgid, total: nil)
            stage.platform.script("3202", .lostBefore)
            var failures = 0
            for _ in 0..<8 {
                do { try await watch(stage, seconds: 10) } catch is PlatformFailure {
                    failures += 1
                    #expect(try stage.desk.drift.drifting.isEmpty)
                    try await stage.advance(seconds: 10)
                }
            }
            #expect(failures == 1)
            #expect(try stage.desk.drift.drifting.count == 1)
        }
    }
}
