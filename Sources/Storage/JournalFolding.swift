import GRDB
import GRDBSQLite
import Synchronization

/// Folds the write-ahead journal into the database file beside the writer.
///
/// SQLite does it on the thread that commits, which then waits for two more fsyncs and a copy of the journal. Here a
/// connection of its own copies all but the newest pages; the writer folds in the rest, a few, after which
/// SQLite writes the journal from its beginning again.
///
/// `state` says whose turn it is; a connection folds only in its own.
final class JournalFolding: Sendable {
    private enum Turn {
        case idle, aside, writer
    }

    /// In pages: 2 MB are copied within a few milliseconds.
    private static let threshold: Int32 = 256

    private let aside: DatabaseQueue
    private let turn = Mutex(Turn.idle)
    private let pages = Atomic<Int32>(0)

    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "hufu folding"
        aside = try DatabaseQueue(path: path, configuration: configuration)
        try aside.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
        }
    }

    /// From now on the writer's connection tells how long its journal is, and SQLite folds nothing by itself.
    func watch(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                Unmanaged<JournalFolding>.fromOpaque(context!).takeUnretainedValue()
                    .pages.store(pages, ordering: .relaxed)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Behind a commit, on the writer's thread.
    func committed(_ database: Database) {
        let pages = pages.load(ordering: .relaxed)
        guard pages >= Self.threshold else { return }
        let now = turn.withLock { turn in
            let now = turn
            if now == .idle { turn = .aside }
            return now
        }
        switch now {
        case .aside: break
        case .idle:
            aside.asyncWriteWithoutTransaction { [self] database in
                fold(database)
                turn.withLock { $0 = .writer }
            }
        case .writer:
            fold(database)
            turn.withLock { $0 = .idle }
        }
    }

    /// What can't be folded now is folded the next time. A connection that was closed meanwhile, with writes still
    /// on their way, folds nothing: SQLite would follow the null pointer.
    private func fold(_ database: Database) {
        guard let connection = database.sqliteConnection else { return }
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }

    func close() throws { try aside.close() }
}
