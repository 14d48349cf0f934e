import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("Resolving money calls", .timeLimit(.minutes(10)))
struct ResolverTests {
    @Test(
        "A settlement whose answer is lost is found within seconds, and sent once",
        arguments: [PlatformTrouble.lostAfter, .errorAfter, .unreadable, .systemErrorAfter])
    func found(trouble: PlatformTrouble) async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", trouble)
            let call = stage.settlement(visit: "V1")
            #expect(try await stage.carry(call).outcome.name == "unknown")
            #expect(try await stage.desk.resolver.step() == 0, "it isn't due yet")
            try await stage.advance(seconds: 1)
            #expect(try await stage.desk.resolver.step() == 1)
            #expect(try await stage.carry(call).setlID == "S00000001")
            #expect(await stage.ledger.arrivals[call.msgid] == 1)
            let events = try await stage.events(call.msgid)
            #expect(events.last == "settlement.resolved success")
        }
    }

    @Test("A call under way is left alone, and goes on when its caller goes away")
    func underway() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            stage.platform.hold()
            let caller = Task { try await stage.carry(call) }
            while stage.platform.heldCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
            caller.cancel()
            try await stage.advance(seconds: 5)
            #expect(try await stage.desk.resolver.step() == 0)
            #expect(try await stage.state(call) == .intent)
            stage.platform.letGo()
            #expect(try await caller.value.outcome.name == "settled")
            #expect(try await stage.state(call) == .success)
            #expect(await stage.ledger.counts["5203"] == nil)
        }
    }

    @Test("What isn't there is failed only after the quiet time, and after 2601 said so too")
    func absent() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostBefore)
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            for _ in 0..<11 {
                try await stage.advance(seconds: 30)
                try await stage.desk.resolver.step()
            }
            #expect(try await stage.state(call) == .unknown)
            #expect(await stage.ledger.counts["2601"] == nil)
            try await stage.advance(seconds: 31)
            try await stage.desk.resolver.step()
            #expect(try await stage.state(call) == .fail)
            #expect(await stage.ledger.counts["2601"] == 1)
            #expect(try await stage.carry(call).outcome == .notSettled(reason: "absent"))
            #expect(await stage.ledger.counts["2207"] == nil, "a money call was repeated")
        }
    }

    @Test("A copy that comes late is not missed")
    func late() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .late)
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            try await stage.resolveAll()
            #expect(try await stage.state(call) == .success)
        }
    }

    @Test("What can't be asked for is reversed: an inpatient's registration")
    func reversed() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2401", .lostAfter, .lostBefore)
            let (there, never) = (stage.registration(), stage.registration())
            try await stage.carry(there)
            try await stage.carry(never)
            try await stage.resolveAll()
            #expect(try await stage.state(there) == .reversed)
            #expect(await stage.ledger.counts["5203"] == nil)
            // Its reversal is refused, once, and why the platform refuses isn't known.
            #expect(try await stage.state(never) == .unknown)
            #expect(await stage.ledger.counts["2601"] == 2)
            let task = try #require(try await stage.authority.platformTasks(.open, Page()).first)
            #expect(task.kind == .undecided && task.msgid == never.msgid)
            _ = try await stage.desk.resolver.decide(task.id, .notSettled, by: stage.admin)
            #expect(try await stage.state(never) == .fail)
        }
    }

    @Test("5203 that gives no telling answer ends in a reversal by msgid, which is exact")
    func unaskable() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostAfter)
            stage.platform.script(
                "5203", .lostBefore, .errorBefore, .unreadable, .systemErrorAfter, .notSent, .lostAfter)
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            try await stage.resolveAll()
            #expect(try await stage.state(call) == .success, "failures of 5203 are no evidence")
            #expect(await stage.ledger.counts["2601"] == nil)
        }
    }

    @Test("A reversal whose answer is lost is not repeated: 5203 tells whether it took effect")
    func lostReversal() async throws {
        try await SettlementStage.run { stage in
            let (gone, there) = (stage.settlement(visit: "V1"), stage.settlement(visit: "V2"))
            try await stage.carry(gone)
            try await stage.carry(there)
            stage.platform.script("2601", .lostAfter, .lostBefore)
            #expect(try await stage.carry(stage.reversal(of: gone)).outcome.name == "unknown")
            #expect(try await stage.carry(stage.reversal(of: there)).outcome.name == "unknown")
            #expect(try await stage.state(gone) == .reversing)
            try await stage.resolveAll()
            #expect(try await stage.state(gone) == .reversed)
            #expect(try await stage.state(there) == .success)
            #expect(await stage.ledger.counts["2601"] == 1)
        }
    }

    @Test("A lost reversal of what can't be asked for is a person's, who says what is true")
    func person() async throws {
        try await SettlementStage.run { stage in
            let call = stage.registration()
            stage.platform.script("2401", .lostAfter)
            stage.platform.script("2601", .lostAfter)
            try await stage.carry(call)
            try await stage.resolveAll()
            #expect(try await stage.state(call) == .reversing)
            let tasks = try await stage.authority.platformTasks(.open, Page())
            #expect(tasks.map(\.kind) == [.undecided] && tasks.first?.msgid == call.msgid)
            let task = try #require(tasks.first)
            let decided = try await stage.desk.resolver.decide(task.id, .notSettled, by: stage.admin)
            #expect(decided.state == .done && decided.decision == .notSettled)
            #expect(try await stage.state(call) == .reversed)
            await #expect(throws: InputError.self) {
                try await stage.desk.resolver.decide(task.id, .settled, by: stage.admin)
            }
            #expect(await stage.ledger.counts["2601"] == 1)
        }
    }

    @Test("After a crash at any point the new process finds out, and sends no money call")
    func restart() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostAfter, .lostBefore)
            let calls = [stage.settlement(visit: "V1"), stage.settlement(visit: "V2")]
            for call in calls { try await stage.carry(call) }
            let rows = try await stage.store.read { transaction in
                try calls.compactMap { try transaction.settlement(msgid: $0.msgid) }
            }
            // As if the process had ended before the outcomes were written down.
            let orphan = stage.settlement(visit: "V3")
            var row = try #require(rows.first)
            row.entry = JournalEntry(
                msgid: orphan.msgid, infno: "2207", fixmedinsCode: SettlementStage.code,
                institution: row.entry.institution, date: stage.date, at: stage.now)
            row.entry.mdtrtID = "V3"
            let stored = StoredSettlement(entry: row.entry, key: nil, digest: row.digest, details: Data([1]))
            try await stage.store.write { try $0.insert(stored) }
            try stage.crash()
            try await stage.open()
            try await stage.advance(seconds: 5)
            try await stage.desk.resolver.step()
            #expect(try await stage.state(calls[0]) == .success)
            #expect(try await stage.state(calls[1]) == .unknown)
            #expect(try await stage.entry(orphan.msgid)?.state == .unknown)
            #expect(await stage.ledger.counts["2207"] == 1)
        }
    }

    @Test("Money calls of a site that was taken out of the configuration wait for it")
    func noSite() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostAfter)
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            try await stage.advance(seconds: 10)
            let bare = PlatformDesk(authority: try stage.authority, sites: [])
            #expect(try await bare.resolver.step() == 0)
            #expect(try await stage.entry(call.msgid)?.reason == "no_platform")
            try await stage.resolveAll()
            #expect(try await stage.state(call) == .success)
        }
    }
}
