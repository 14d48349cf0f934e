import ActivationCodes
import Foundation
import Storage
import Testing

@Suite("Codes, batches and checkpoints in the database")
struct CodeRowsTests {
    @Test("Every kind of row that may stand once is refused the second time as a duplicate")
    func duplicates() async throws {
        let test = try TestStore()
        let base = try Foundations()
        try await test.store.write { try base.insert($0) }
        let code = try await test.store.write { try base.insertCode($0) }
        await expectDuplicate(test.store) { try $0.insert(base.institution) }
        await expectDuplicate(test.store) {
            var other = base.institution
            other.id = UUID()
            try $0.insert(other)
        }
        await expectDuplicate(test.store) {
            try $0.insert(StoredPolicy(policy: base.policy, createdAt: TestStore.moment))
        }
        await expectDuplicate(test.store) { transaction in
            try base.insertCode(transaction) { $0.id = code.code.id }
        }
        await expectDuplicate(test.store) { transaction in
            try base.insertCode(transaction) { $0.index = code.code.index }
        }
        await expectDuplicate(test.store) { transaction in
            for _ in 0..<2 {
                let approval = Application.Approval(
                    operatorID: base.application.applicantID, decision: .approve, comment: nil,
                    at: TestStore.moment)
                try transaction.insert(approval, of: base.application.id)
            }
        }
        #expect(
            try await test.store.read { try $0.codes(CodeFilter(), at: .now, after: -1, limit: 10) }.count
                == 1)
    }

    @Test("The schema itself refuses a count past the limit")
    func usageNeverPassesTheLimit() async throws {
        let test = try TestStore()
        let base = try Foundations()
        let stored = try await test.store.write { transaction in
            try base.insert(transaction)
            return try base.insertCode(transaction)
        }
        await #expect(throws: StorageError.self) {
            try await test.store.write { transaction in
                var code = stored.code
                code.usedCount = 11
                try transaction.update(code)
            }
        }
        #expect(try await test.store.read { try $0.code(id: stored.code.id) } == stored)
    }

    @Test("A code reads back as it was written")
    func roundTrip() async throws {
        let test = try TestStore()
        let base = try Foundations()
        let stored = try await test.store.write { transaction in
            try base.insert(transaction)
            return try base.insertCode(transaction) { code in
                code.state = .suspended
                code.suspendedFrom = .bound
                code.usedCount = 3
                code.bindingKey = Data(repeating: 9, count: 32)
                code.addressRanges = ["10.0.0.0/8", "2001:db8::/32"].compactMap { AddressRange($0) }
            }
        }
        #expect(try await test.store.read { try $0.code(index: stored.code.index) } == stored)
        #expect(try await test.store.read { try $0.code(id: stored.code.id) } == stored)
    }

    @Test("Indexes of codes are dense, also when writers race and some roll back", .timeLimit(.minutes(10)))
    func denseIndexes() async throws {
        let test = try TestStore()
        let base = try Foundations()
        let store = test.store
        try await store.write { try base.insert($0) }
        let indexes = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<120 {
                group.addTask {
                    try? await store.write { transaction in
                        let stored = try base.insertCode(transaction)
                        if number % 3 == 0 { throw Deliberate() }
                        return stored.code.index
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let index = $1 { $0.append(index) } }
        }
        #expect(indexes.sorted() == Array(0..<80))
    }

    @Test("Codes that are due are those whose time or window has passed and that no sweep has marked")
    func due() async throws {
        let test = try TestStore()
        let base = try Foundations()
        let moment = TestStore.moment
        let due = try await test.store.write { transaction -> Set<UUID> in
            try base.insert(transaction)
            func add(_ change: (inout ActivationCode) -> Void) throws -> UUID {
                try base.insertCode(transaction, change: change).code.id
            }
            let lapsed = try add {
                $0.state = .bound
                $0.usedCount = 1
                $0.expiresAt = moment
            }
            let suspended = try add {
                $0.state = .suspended
                $0.suspendedFrom = .active
                $0.usedCount = 1
                $0.expiresAt = moment.addingTimeInterval(-1)
            }
            let unused = try add { $0.activateBefore = moment }
            _ = try add { $0.activateBefore = moment.addingTimeInterval(0.001) }
            _ = try add {
                $0.state = .active
                $0.usedCount = 1
                $0.activateBefore = moment
            }
            _ = try add {
                $0.state = .expired
                $0.expiresAt = moment.addingTimeInterval(-1)
            }
            _ = try add {
                $0.state = .revoked
                $0.revocation = .init(reason: .keyCompromise, at: moment)
                $0.expiresAt = moment.addingTimeInterval(-1)
            }
            return [lapsed, suspended, unused]
        }
        let found = try await test.store.read { try $0.codesDue(at: moment, limit: 100) }.map(\.code.id)
        #expect(Set(found) == due && found.count == 3)
        #expect(try await test.store.read { try $0.codesDue(at: moment, limit: 2) }.count == 2)
        let before = moment.addingTimeInterval(-10)
        #expect(try await test.store.read { try $0.codesDue(at: before, limit: 100) }.isEmpty)
    }

    @Test("Staged codes exist for nobody, and a discarded batch leaves nothing")
    func discardedBatch() async throws {
        let test = try TestStore()
        let base = try Foundations(quantity: 250)
        let batch = base.batch(count: 250)
        let codes = try await test.store.write { transaction in
            try base.insert(transaction)
            try transaction.insert(batch)
            return try (0..<250).map { _ in
                try base.insertCode(transaction, batch: batch.id) { $0.expiresAt = TestStore.moment }
            }
        }
        let seen = try await test.store.read { transaction in
            (
                try transaction.codes(CodeFilter(), at: .now, after: -1, limit: 500).count,
                try transaction.code(id: codes[0].code.id), try transaction.code(index: 0),
                try transaction.codesDue(at: TestStore.moment, limit: 10).count
            )
        }
        #expect(seen.0 == 0 && seen.1 == nil && seen.2 == nil && seen.3 == 0)
        #expect(try await test.store.write { try $0.beginDiscarding(batch.id) })
        #expect(try await !test.store.write { try $0.beginDiscarding(batch.id) }, "only one decides it")
        #expect(try await !test.store.write { try $0.setDigest(Data(), of: batch.id, at: TestStore.moment) })
        var rounds = 0
        while try await !test.store.write({ try $0.removeDiscarded(batch, limit: 100) }) { rounds += 1 }
        #expect(rounds == 2)
        let rows = try await test.store.read { transaction in
            try ["codes", "batches"].map { try transaction.rows("SELECT count(*) FROM \($0)")[0].integer(0) }
        }
        #expect(rows == [0, 0])
        #expect(try await test.store.read { try $0.nextCodeIndex() } == 0)
    }

    @Test("A confirmed batch can't be discarded any more")
    func confirmedBatch() async throws {
        let test = try TestStore()
        let base = try Foundations(quantity: 3)
        let batch = base.batch(count: 3)
        try await test.store.write { transaction in
            try base.insert(transaction)
            try transaction.insert(batch)
            for _ in 0..<3 { try base.insertCode(transaction, batch: batch.id) }
            try transaction.confirm(batch.id, at: TestStore.moment)
        }
        #expect(try await !test.store.write { try $0.beginDiscarding(batch.id) })
        _ = try await test.store.write { try $0.removeDiscarded(batch, limit: 100) }
        #expect(
            try await test.store.read { try $0.codes(CodeFilter(), at: .now, after: -1, limit: 10) }.count
                == 3)
        #expect(try await test.store.read { try $0.batch(id: batch.id) }?.state == .issued)
    }
}

extension Foundations {
    fileprivate func batch(count: Int) -> Batch {
        Batch(
            id: UUID(), applicationID: application.id, count: count, createdBy: UUID(),
            createdAt: TestStore.moment)
    }
}

private func expectDuplicate(
    _ store: Store, sourceLocation: SourceLocation = #_sourceLocation,
    _ work: @escaping @Sendable (Transaction) throws -> Void
) async {
    do {
        try await store.write(work)
        Issue.record("the second row was accepted", sourceLocation: sourceLocation)
    } catch StorageError.duplicate {
    } catch {
        Issue.record("a duplicate gave \(error)", sourceLocation: sourceLocation)
    }
}
