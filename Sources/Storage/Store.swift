import GRDB

/// The database: the only place with SQL, and the only one that knows which driver runs it.
///
/// Writes are durable when `write` returns (`PRAGMA synchronous = FULL`, read back at opening). Many waiting
/// writers share one transaction and one fsync.
package final class Store: Sendable {
    private let writer: DatabasePool
    private let commits: GroupCommit
    private let folding: JournalFolding
    private let index: EntryIndex

    /// Opens or creates the database and brings its schema up to date.
    package init(path: String) throws {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.label = "hufu"
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA page_size = 8192")
                // Readers are opened when they are first needed, behind the index itself.
                if database.configuration.readonly { try EntryIndex.attach(to: database, path: path) }
            }
            writer = try DatabasePool(path: path, configuration: configuration)
            try writer.writeWithoutTransaction { database in
                // GRDB opens a WAL database with NORMAL, under which a power cut may lose acknowledged work.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                let mode = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard mode == 2 else { throw StorageError.unavailable("PRAGMA synchronous is not FULL") }
                try database.execute(sql: "PRAGMA cache_size = -16384")
            }
            try Schema.migrator.migrate(writer)
            index = try EntryIndex(path: path)
            let folding = try JournalFolding(path: path)
            writer.writeWithoutTransaction { folding.watch($0) }
            self.folding = folding
            commits = GroupCommit(writer: writer, folding: folding)
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// Runs the closure in a durable transaction of its own or shared with others. It must be repeatable:
    /// what it captures it may not change. What it throws undoes its own writes and nobody else's.
    package func write<Answer: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            submit(body) { continuation.resume(with: $0) }
        }
    }

    /// The same for callers without a task. `then` is called behind the commit, on a thread of the
    /// store's, where it must not stay long.
    package func submit<Answer: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Answer,
        then: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        commits.submit(
            GroupCommit.Job(
                work: { transaction in
                    let answer = try body(transaction)
                    return { then(.success(answer)) }
                },
                fail: { then(.failure($0)) }))
    }

    /// Runs queries on one consistent snapshot, beside the writers.
    package func read<Answer: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        do {
            return try await writer.read { database in try body(Transaction(database: database)) }
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// Lets the index take up the log's next entries, at most `limit`; answers how many it took.
    package func indexEntries(limit: Int) async throws -> Int {
        do { return try await index.extend(limit: limit) } catch { throw StorageError.translated(error) }
    }

    /// The mode that every acknowledged write has: 2 is FULL.
    package func synchronousMode() async throws -> Int {
        try await writer.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    }

    /// Folds the journal into the file, so that a copy of the one file is whole.
    package func close() throws {
        try index.close()
        try folding.close()
        try? writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try writer.close()
    }
}
