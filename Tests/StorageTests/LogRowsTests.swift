import ActivationCodes
import AuditLog
import Foundation
import Storage
import Testing

@Suite("Entries, checkpoints and cursors in the database")
struct LogRowsTests {
    @Test("Entries are numbered without gaps under rollbacks and concurrency", .timeLimit(.minutes(10)))
    func noGaps() async throws {
        let test = try TestStore()
        let store = test.store
        let indexes = await withTaskGroup(of: (Int, Int)?.self) { group in
            for number in 0..<300 {
                group.addTask {
                    try? await store.write { transaction in
                        let index = try transaction.append(Data("\(number)".utf8), keys: entryKeys())
                        if number % 4 == 1 { throw Deliberate() }
                        return (index, number)
                    }
                }
            }
            return await group.reduce(into: [Int: Int]()) {
                if let (index, number) = $1 { $0[index] = number }
            }
        }
        #expect(indexes.keys.sorted() == Array(0..<225))
        let entries = try await store.read { try $0.entries(from: 0, limit: 1000) }
        #expect(entries.map(\.index) == Array(0..<225))
        #expect(entries.allSatisfy { $0.body == Data("\(indexes[$0.index] ?? -1)".utf8) })
        #expect(try await store.read { try $0.entryCount() } == 225)
    }

    @Test(
        "Entries are found by what the columns repeat, in both directions, part by part, indexed or not",
        arguments: [0, 7, 11, 20, 100])
    func search(indexed: Int) async throws {
        let test = try TestStore()
        try await test.store.write { transaction in
            for number in 0..<20 {
                try transaction.append(
                    Data("\(number)".utf8),
                    keys: entryKeys(number % 2 == 0 ? "even.seen" : "odd.seen", subject: "s\(number % 5)"))
            }
        }
        var left = indexed
        while left > 0 {
            let count = try await test.store.indexEntries(limit: min(left, 5))
            if count == 0 { break }
            left -= count
        }
        #expect(try await test.store.read { try $0.indexedEntries() } == min(indexed, 20))
        func found(_ event: String?, after index: Int, newestFirst: Bool, limit: Int = 10) async throws
            -> [Int]
        {
            var filter = EntryFilter()
            filter.event = event
            filter.subjectID = "s0"
            let wanted = filter
            return try await test.store.read {
                try $0.entries(wanted, after: index, newestFirst: newestFirst, limit: limit)
            }.map(\.index)
        }
        #expect(try await found("even.seen", after: -1, newestFirst: false) == [0, 10])
        #expect(try await found("even.seen", after: 10, newestFirst: true) == [0])
        #expect(try await found(nil, after: -1, newestFirst: false) == [0, 5, 10, 15])
        #expect(try await found(nil, after: -1, newestFirst: false, limit: 3) == [0, 5, 10])
        #expect(try await found(nil, after: 5, newestFirst: false) == [10, 15])
        #expect(try await found(nil, after: 15, newestFirst: false) == [])
        #expect(try await found(nil, after: 20, newestFirst: true) == [15, 10, 5, 0])
        #expect(try await found(nil, after: 15, newestFirst: true, limit: 2) == [10, 5])
        #expect(try await found(nil, after: 0, newestFirst: true) == [])
        #expect(try await found(nil, after: -1, newestFirst: true) == [])
    }

    @Test("An entry whose subject is its own application stands in the index once")
    func ownApplication() async throws {
        let test = try TestStore()
        let id = UUID()
        let text = id.uuidString.lowercased()
        try await test.store.write { transaction in
            for _ in 0..<3 {
                var keys = entryKeys("application.submitted", subject: text)
                keys.applicationID = id
                try transaction.append(Data("x".utf8), keys: keys)
            }
        }
        #expect(try await test.store.indexEntries(limit: 2) == 2)
        var filter = EntryFilter()
        filter.applicationID = id
        let wanted = filter
        let found = try await test.store.read {
            try $0.entries(wanted, after: -1, newestFirst: false, limit: 10)
        }
        #expect(found.map(\.index) == [0, 1, 2])
    }

    @Test("Of two who swap the same checkpoint exactly one wins", arguments: [false, true])
    func compareAndSwap(first: Bool) async throws {
        let test = try TestStore()
        let store = test.store
        let begin = first ? nil : try checkpoint("begin", size: 0)
        if let begin { #expect(try await store.write { try $0.swapCheckpoint(from: nil, to: begin) }) }
        let offers = try (0..<8).map { try checkpoint("offer \($0)", size: 1) }
        let winners = try await withThrowingTaskGroup(of: StoredCheckpoint?.self) { group in
            for offer in offers {
                group.addTask {
                    try await store.write { try $0.swapCheckpoint(from: begin, to: offer) } ? offer : nil
                }
            }
            return try await group.reduce(into: [StoredCheckpoint]()) { if let won = $1 { $0.append(won) } }
        }
        #expect(winners.count == 1)
        #expect(try await store.read { try $0.checkpoint() } == winners.first)
    }

    @Test("A swap from a checkpoint that is not the stored one changes nothing")
    func staleSwap() async throws {
        let test = try TestStore()
        let one = try checkpoint("one", size: 1)
        let two = try checkpoint("two", size: 2)
        #expect(try await test.store.write { try $0.swapCheckpoint(from: one, to: two) } == false)
        #expect(try await test.store.write { try $0.swapCheckpoint(from: nil, to: one) })
        let sameHead = try checkpoint("another note", size: 1)
        #expect(try await test.store.write { try $0.swapCheckpoint(from: sameHead, to: two) } == false)
        #expect(try await test.store.read { try $0.checkpoint() } == one)
    }

    private func checkpoint(_ note: String, size: Int) throws -> StoredCheckpoint {
        StoredCheckpoint(
            head: TreeHead(size: size, root: MerkleTree.emptyRoot), note: note, signedAt: TestStore.moment)
    }

    @Test("Cursors show every row once while others are added between the parts")
    func cursors() async throws {
        let test = try TestStore()
        let store = test.store
        let base = try Foundations()
        try await store.write { transaction in
            try base.insert(transaction)
            for _ in 0..<25 { try base.insertCode(transaction) }
        }
        var seen: [Int] = []
        var cursor = -1
        while true {
            let from = cursor
            let part = try await store.read { try $0.codes(CodeFilter(), at: .now, after: from, limit: 10) }
            seen += part.map(\.code.index)
            guard let last = part.last, part.count == 10 else { break }
            cursor = last.code.index
            if seen.count <= 20 { _ = try await store.write { try base.insertCode($0) } }
        }
        #expect(seen == Array(0..<27))
    }

    @Test(
        "Cursors over names and ids go on behind their row, also when that row is gone or others came before it"
    )
    func textCursors() async throws {
        let test = try TestStore()
        let store = test.store
        func add(_ number: Int) async throws {
            let id = try #require(UUID(uuidString: String(format: "00000000-0000-7000-8000-%012d", number)))
            try await store.write {
                try $0.insert(
                    Institution(
                        id: id, name: "number \(number)", kind: .pharmacy, region: nil,
                        createdAt: TestStore.moment))
            }
        }
        for number in stride(from: 10, through: 60, by: 10) { try await add(number) }
        let first = try await store.read { try $0.institutions(after: "", limit: 3) }
        try await add(5)
        try await add(35)
        let cursor = try #require(first.last).id.lowercased
        let second = try await store.read { try $0.institutions(after: cursor, limit: 10) }
        #expect((first + second).map(\.name) == [10, 20, 30, 35, 40, 50, 60].map { "number \($0)" })
    }

    @Test("An answer that was kept is found for its day, and only after it another takes its place")
    func keptAnswers() async throws {
        let test = try TestStore()
        let store = test.store
        let day: TimeInterval = 24 * 3600
        func keep(_ status: Int, _ now: Date) async throws {
            let answer = KeptAnswer(request: Data(repeating: 1, count: 32), status: status, answer: Data([9]))
            try await store.write {
                try $0.keep(
                    answer, scope: "a", key: "k", at: now, replacingUntil: now.addingTimeInterval(-day))
            }
        }
        func find(_ now: Date) async throws -> Int? {
            try await store.read {
                try $0.keptAnswer(scope: "a", key: "k", after: now.addingTimeInterval(-day))?.status
            }
        }
        try await keep(201, TestStore.moment)
        let last = TestStore.moment.addingTimeInterval(day - 1)
        #expect(try await find(last) == 201)
        await #expect(throws: StorageError.duplicate("idempotency")) { try await keep(202, last) }
        #expect(try await find(last) == 201)
        let next = TestStore.moment.addingTimeInterval(day)
        #expect(try await find(next) == nil)
        try await keep(203, next)
        #expect(try await find(next) == 203)
        #expect(try await store.read { try $0.keptAnswer(scope: "b", key: "k", after: .distantPast) } == nil)
    }
}
