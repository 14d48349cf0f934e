import ActivationCodes
import Foundation
import Storage
import Testing

/// What the writer read last it need not read again: the answers have to be those of the database all the same.
@Suite("Codes and bindings that the writer has read before")
struct RowCacheTests {
    @Test("A change is seen by the next transaction, and by the same one", arguments: [false, true])
    func change(byLookup: Bool) async throws {
        let stage = try await Stage()
        #expect(try await stage.usedCount(byLookup) == 0)
        #expect(try await stage.usedCount(byLookup) == 0)
        let seen = try await stage.test.store.write { transaction in
            try stage.use(3, transaction)
            return try stage.code(transaction, byLookup)?.code.usedCount
        }
        #expect(seen == 3)
        #expect(try await stage.usedCount(byLookup) == 3)
    }

    @Test("A change that was undone was never seen", arguments: [false, true])
    func undone(byLookup: Bool) async throws {
        let stage = try await Stage()
        #expect(try await stage.usedCount(byLookup) == 0)
        await #expect(throws: Deliberate.self) {
            try await stage.test.store.write { transaction in
                try stage.use(3, transaction)
                #expect(try stage.code(transaction, byLookup)?.code.usedCount == 3)
                throw Deliberate()
            }
        }
        #expect(try await stage.usedCount(byLookup) == 0)
    }

    @Test("A code and a binding whose insertion was undone don't exist")
    func insertionUndone() async throws {
        let stage = try await Stage()
        let binding = try stage.binding()
        await #expect(throws: Deliberate.self) {
            try await stage.test.store.write { transaction in
                let other = try stage.base.insertCode(transaction)
                #expect(try transaction.code(index: other.code.index) != nil)
                try transaction.save(binding)
                #expect(try transaction.binding(id: binding.id) != nil)
                throw Deliberate()
            }
        }
        #expect(try await stage.test.store.write { try $0.code(index: stage.index + 1) } == nil)
        #expect(try await stage.test.store.write { try $0.binding(id: binding.id) } == nil)
    }

    @Test("A released binding is released at once, and bound again when the release was undone")
    func release() async throws {
        let stage = try await Stage()
        let store = stage.test.store
        let binding = try stage.binding()
        try await store.write { try $0.save(binding) }
        #expect(try await store.write { try $0.binding(id: binding.id)?.state } == .bound)
        await #expect(throws: Deliberate.self) {
            try await store.write { transaction in
                try transaction.release(binding.id)
                #expect(try transaction.binding(id: binding.id)?.state == .released)
                throw Deliberate()
            }
        }
        #expect(try await store.write { try $0.binding(id: binding.id)?.state } == .bound)
        try await store.write { try $0.release(binding.id) }
        #expect(try await store.write { try $0.binding(id: binding.id)?.state } == .released)
    }

    @Test("What another connection committed is seen", arguments: [false, true])
    func anotherConnection(byLookup: Bool) async throws {
        let stage = try await Stage()
        #expect(try await stage.usedCount(byLookup) == 0)
        let other = try Store(path: stage.test.path)
        try await other.write { try stage.use(5, $0) }
        try other.close()
        #expect(try await stage.usedCount(byLookup) == 5)
    }

    @Test("More codes than are kept are each read as they are")
    func many() async throws {
        let stage = try await Stage()
        let store = stage.test.store
        try await store.write { transaction in
            for _ in 0..<5000 { try stage.base.insertCode(transaction) }
        }
        for _ in 0..<2 {
            let indexes = try await store.write { transaction in
                try (0...5000).map { try transaction.code(index: stage.index + $0)?.code.index }
            }
            #expect(indexes == (0...5000).map { stage.index + $0 })
        }
    }

    /// A store with one code.
    private struct Stage: Sendable {
        let test: TestStore
        let base: Foundations
        let lookup: Data
        let stored: StoredCode
        var index: Int { stored.code.index }

        init() async throws {
            let test = try TestStore()
            let base = try Foundations(quantity: 10)
            let lookup = Data(repeating: 9, count: 32)
            stored = try await test.store.write { transaction in
                try base.insert(transaction)
                let code = try ActivationCode(
                    id: UUID(), index: transaction.nextCodeIndex(), policy: base.policy,
                    issuedAt: TestStore.moment)
                let stored = StoredCode(
                    code: code, institutionID: base.institution.id, applicationID: base.application.id)
                try transaction.insert(stored, lookup: lookup, sealed: Data([1]))
                return stored
            }
            (self.test, self.base, self.lookup) = (test, base, lookup)
        }

        func code(_ transaction: Transaction, _ byLookup: Bool) throws -> StoredCode? {
            byLookup ? try transaction.code(lookup: lookup) : try transaction.code(index: index)
        }

        func use(_ count: Int, _ transaction: Transaction) throws {
            var code = stored.code
            code.usedCount = count
            try transaction.update(code)
        }

        func usedCount(_ byLookup: Bool) async throws -> Int? {
            try await test.store.write { try code($0, byLookup)?.code.usedCount }
        }

        func binding() throws -> Binding {
            try Binding(
                id: UUID(), codeIndex: index,
                device: Device(
                    keyThumbprint: Data((0..<32).map { _ in .random(in: 0...255) }),
                    fingerprint: DeviceFingerprint(["cpu": Data(count: 32)])),
                publicKey: Data(repeating: 4, count: 65), createdAt: TestStore.moment)
        }
    }
}
