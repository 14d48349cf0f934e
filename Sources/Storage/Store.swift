import GRDB

/// The database: the only place with SQL, and the only one that knows which driver runs it.
///
/// Writes are durable when `write` returns (`PRAGMA synchronous = FULL`, read back at opening). Many waiting
/// writers share one transaction and one fsync.
package final class Store: Sendable {
    package enum Location: Sendable {
        case file(String)
        case memory
    }

    private let writer: any DatabaseWriter
    private let commits: GroupCommit
    /// A connection beside the writer's that folds the journal into the file while commits go on; nil in memory.
    private let folder: DatabaseQueue?

    /// Opens or creates the database and brings its schema up to date.
    package init(_ location: Location) throws {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.label = "hufu"
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 8192") }
            switch location {
            case .file(let path):
                writer = try DatabasePool(path: path, configuration: configuration)
                folder = try DatabaseQueue(path: path, configuration: configuration)
            case .memory:
                writer = try DatabaseQueue(configuration: configuration)
                folder = nil
            }
            try writer.writeWithoutTransaction { database in
                // GRDB opens a WAL database with NORMAL, under which a power cut may lose acknowledged work.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                let mode = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard mode == 2 else { throw StorageError.unavailable("PRAGMA synchronous is not FULL") }
                // Only where `foldJournal` does not keep up: a commit that folds in 32 MB holds up all behind it.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -16384")
            }
            try Schema.migrator.migrate(writer)
        } catch {
            throw StorageError.translated(error)
        }
        commits = GroupCommit(writer: writer)
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

    /// The same for callers without a task. `then` is called behind the commit, on the writer's thread, where
    /// it must not stay long.
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

    /// The mode that every acknowledged write has: 2 is FULL.
    package func synchronousMode() async throws -> Int {
        try await writer.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    }

    /// How many pages the journal may have before it begins anew.
    private static let longestJournal = 4096

    /// Copies committed pages from the journal into the file beside the commits. The writer waits only for what
    /// came meanwhile, and only when the journal is long enough to begin anew.
    package func foldJournal() async throws {
        guard let folder else { return }
        do {
            let pages = try await folder.writeWithoutTransaction { database in
                try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)").map { $0[1] as Int } ?? 0
            }
            guard pages > Self.longestJournal else { return }
            try await writer.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA wal_checkpoint(RESTART)")
            }
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// Folds the journal into the file, so that a copy of the one file is whole.
    package func close() throws {
        try folder?.close()
        try? writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try writer.close()
    }
}
