import Foundation
import InsurancePlatform
import Storage
import Testing

@Suite("The journal of money calls")
struct PlatformJournalTests {
    private static let code = "H33010200001"

    private func settlement(
        _ msgid: String, visit: String? = nil, key: String? = nil, institution: String = "i"
    ) -> StoredSettlement {
        var entry = JournalEntry(
            msgid: msgid, infno: "2207", fixmedinsCode: Self.code, institution: institution,
            date: "2026-11-20", at: 1_000)
        entry.mdtrtID = visit
        entry.insutype = "310"
        return StoredSettlement(
            entry: entry, key: key, digest: Data(repeating: 7, count: 32), details: Data([1, 2]))
    }

    @Test("Every field of an entry comes back, in every state")
    func roundTrip() async throws {
        let test = try TestStore()
        for (number, state) in JournalState.allCases.enumerated() {
            var entry = JournalEntry(
                msgid: "M\(number)", infno: "2304A", fixmedinsCode: Self.code, institution: "i",
                date: "2026-11-20", sentAt: 5,
                stored: JournalEntry.Stored(
                    state: state, reversedFrom: state == .reversing ? .unknown : nil, changedAt: 9,
                    reversalMsgid: "R\(number)", reversalAt: 8))
            entry.reason = "timeout"
            entry.infcode = -1
            (entry.mdtrtID, entry.setlID, entry.insutype, entry.clrType) = ("V\(number)", "S", "390", "21")
            entry.amounts = SettlementAmounts(total: -1, fund: 2, account: .max, cash: .min)
            (entry.nextAt, entry.attempts, entry.confirmedAt) = (11, 12, 13)
            let stored = StoredSettlement(
                entry: entry, key: "k\(number)", digest: Data(repeating: 1, count: 32), details: Data([9]),
                answer: Data([8]))
            try await test.store.write { try $0.insert(stored) }
            #expect(try await test.store.read { try $0.settlement(msgid: "M\(number)") } == stored)
            var changed = entry
            changed.wait(until: 99, because: "later")
            changed.confirmedAt = nil
            try await test.store.write { [changed] in try $0.update(changed) }
            let read = try await test.store.read { try $0.settlement(reversalMsgid: "R\(number)") }
            #expect(read?.entry == changed && read?.answer == Data([8]))
        }
    }

    @Test("The last identifier of the gateway's own is found, within its bounds")
    func lastReversal() async throws {
        let test = try TestStore()
        func identifier(_ second: Int64, _ sequence: Int, _ code: String = Self.code) throws -> MessageID {
            try MessageID(fixmedinsCode: code, second: 1_800_000_000 + second, sequence: sequence)
        }
        let given = [
            try identifier(10, 5_007), try identifier(11, 5_000), try identifier(12, 4_999),
            try identifier(90_000, 5_000), try identifier(13, 5_000, "H33010200002"),
        ]
        let (first, end) = (try identifier(0, 5_000), try identifier(86_400, 0))
        #expect(try await test.store.read { try $0.lastReversal(after: first, before: end) } == nil)
        for (number, reversal) in given.enumerated() {
            var stored = settlement("M\(number)")
            try stored.entry.take(.lost, at: 2)
            try stored.entry.beginReversal(msgid: reversal.text, at: 3)
            try await test.store.write { [stored] in try $0.insert(stored) }
        }
        let last = try await test.store.read { try $0.lastReversal(after: first, before: end) }
        #expect(last == given[1])
        let later = try identifier(11, 5_000)
        #expect(try await test.store.read { try $0.lastReversal(after: later, before: end) } == nil)
    }

    @Test("A message stands once, and a key once an institution")
    func unique() async throws {
        let test = try TestStore()
        let (first, renamed, other) = (
            settlement("M1", key: "k"), settlement("M2", key: "k"),
            settlement("M3", key: "k", institution: "j")
        )
        try await test.store.write { try $0.insert(first) }
        for twice in [first, renamed] {
            await #expect(throws: StorageError.self) { try await test.store.write { try $0.insert(twice) } }
        }
        try await test.store.write { try $0.insert(other) }
        // A key is given back only where nothing was sent.
        try await test.store.write { try $0.releaseKey(msgid: "M1") }
        #expect(try await test.store.read { try $0.settlement(institution: "i", key: "k") } != nil)
        var unsent = first.entry
        try unsent.take(.notSent, at: 2)
        try await test.store.write { [unsent] transaction in
            try transaction.update(unsent)
            try transaction.releaseKey(msgid: "M1")
            try transaction.insert(renamed)
        }
    }

    @Test("The schema refuses what the table doesn't know")
    func constraints() async throws {
        let test = try TestStore()
        let stored = settlement("M1")
        try await test.store.write { try $0.insert(stored) }
        for change in ["state = 'paid'", "state = 'reversing'", "state = 'reversed'", "digest = x'00'"] {
            await #expect(throws: StorageError.self) {
                try await test.store.write { try $0.run("UPDATE platform_journal SET \(change)") }
            }
        }
    }

    @Test("What is open and due is found, and the open call of a visit")
    func due() async throws {
        let test = try TestStore()
        var states: [JournalEntry] = []
        for (number, event) in [JournalEvent.answered, .refused, .notSent, .lost].enumerated() {
            let stored = settlement("M\(number)", visit: "V\(number)")
            try await test.store.write { try $0.insert(stored) }
            var entry = stored.entry
            try entry.take(event, at: 2_000)
            states.append(entry)
        }
        let orphan = settlement("M9", visit: "V9")
        try await test.store.write { [states] transaction in
            for entry in states { try transaction.update(entry) }
            try transaction.insert(orphan)
        }
        let due = try await test.store.read { try $0.dueSettlements(at: 2_000, limit: 10) }
        #expect(due.map(\.entry.msgid) == ["M9", "M3"])
        #expect(try await test.store.read { try $0.dueSettlements(at: 1_999, limit: 10) }.count == 1)
        let open = try await test.store.read { transaction in
            try ["V0", "V1", "V2", "V3", "V9"].map {
                try transaction.openSettlement(fixmedinsCode: Self.code, mdtrtID: $0)
            }
        }
        #expect(open == [nil, nil, nil, "M3", "M9"])
        let count = try await test.store.read { try $0.openSettlementCount() }
        #expect(count.count == 2 && count.oldest == 1_000)
    }

    @Test("A task is opened once, and again only after its difference was gone")
    func tasks() async throws {
        let test = try TestStore()
        let task = PlatformTask(
            key: StatementKey(
                fixmedinsCode: Self.code, date: "2026-11-20", insutype: "310", clrType: "11"),
            kind: .onlyThere, msgid: "M1", setlID: "S1", mdtrtID: nil, createdAt: 1)
        for isNew in [true, false] {
            #expect(try await test.store.write { try $0.open(task) } == isNew)
        }
        var stored = try #require(try await test.store.read { try $0.openTasks(date: "2026-11-20") }.first)
        for (state, reopens) in [(PlatformTask.State.done, false), (.gone, true)] {
            stored.state = state
            stored.decision = state == .done ? .done : nil
            try await test.store.write { [stored] in try $0.update(stored) }
            #expect(try await test.store.write { try $0.open(task) } == reopens)
        }
        #expect(try await test.store.read { try $0.openTaskCount() } == 1)
        #expect(try await test.store.read { try $0.tasks(.open, after: 0, limit: 5) }.count == 1)
        let rest = try await test.store.read { [id = stored.id] in try $0.tasks(nil, after: id, limit: 5) }
        #expect(rest.isEmpty)
    }
}
