import Foundation
import Storage
import Testing

@Suite("The index of the log's entries, in its own file")
struct EntryIndexTests {
    @Test("What was indexed stands after the database is opened again")
    func stands() async throws {
        let test = try TestStore()
        try await Self.log("mine", in: test.store)
        let again = try Self.reopened(test)
        #expect(try await again.read { try $0.indexedEntries() } == 10)
        #expect(try await Self.found("mine", in: again) == Array(0..<10))
        try again.close()
    }

    @Test(
        "A file that is gone or is no database is made again, and searches are right meanwhile",
        arguments: [nil, Data("not a database, but as long as one's head: ".utf8) + Data(count: 8192)])
    func lost(file: Data?) async throws {
        let test = try TestStore()
        try await Self.log("mine", in: test.store)
        try test.store.close()
        try? FileManager.default.removeItem(atPath: test.path + "-index")
        try file?.write(to: URL(fileURLWithPath: test.path + "-index"))
        let again = try Store(path: test.path)
        #expect(try await again.read { try $0.indexedEntries() } == 0)
        #expect(try await Self.found("mine", in: again) == Array(0..<10))
        #expect(try await again.indexEntries(limit: 100) == 10)
        #expect(try await Self.found("mine", in: again) == Array(0..<10))
        try again.close()
    }

    @Test("The index of another log is not believed: the database may have come from a backup")
    func ofAnotherLog() async throws {
        let other = try TestStore()
        try await Self.log("theirs", in: other.store)
        try other.store.close()
        let test = try TestStore()
        try await Self.log("mine", in: test.store)
        try test.store.close()
        try FileManager.default.removeItem(atPath: test.path + "-index")
        try FileManager.default.copyItem(atPath: other.path + "-index", toPath: test.path + "-index")
        let again = try Store(path: test.path)
        #expect(try await again.read { try $0.indexedEntries() } == 0)
        #expect(try await Self.found("mine", in: again) == Array(0..<10))
        try again.close()
    }

    @Test("It grows while a write is on its way, and the write waits for nothing", .timeLimit(.minutes(10)))
    func besideTheWriter() async throws {
        let test = try TestStore()
        let store = test.store
        try await store.write { for _ in 0..<10 { try $0.append(Data("x".utf8), keys: entryKeys()) } }
        let (held, hold) = AsyncStream<Void>.makeStream()
        let open = DispatchSemaphore(value: 0)
        async let write: Void = store.write { transaction in
            try transaction.set("a", to: "b")
            hold.finish()
            open.wait()
        }
        for await _ in held {}
        #expect(try await store.indexEntries(limit: 100) == 10)
        open.signal()
        try await write
    }

    private static func reopened(_ test: TestStore) throws -> Store {
        try test.store.close()
        return try Store(path: test.path)
    }

    /// Ten entries, all indexed.
    private static func log(_ subject: String, in store: Store) async throws {
        try await store.write {
            for number in 0..<10 {
                try $0.append(Data("\(subject) \(number)".utf8), keys: entryKeys(subject: subject))
            }
        }
        #expect(try await store.indexEntries(limit: 100) == 10)
    }

    private static func found(_ subject: String, in store: Store) async throws -> [Int] {
        var filter = EntryFilter()
        filter.subjectID = subject
        let wanted = filter
        return try await store.read {
            try $0.entries(wanted, after: -1, newestFirst: false, limit: 20)
        }.map(\.index)
    }
}
