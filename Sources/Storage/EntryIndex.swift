import Foundation
import GRDB

/// The index by which entries are found that concern one subject or application.
///
/// It grows behind the commits, many entries at a time: ids are random, so that keeping it up in each
/// transaction would write a page for nearly every entry. It has a file and a connection of its own, so that it
/// never holds up a write. Entries that it has not reached are scanned; without its file it is made again.
final class EntryIndex: Sendable {
    private let connection: DatabaseQueue

    /// - Parameter path: of the database, whose schema is up to date.
    init(path: String) throws {
        do { connection = try Self.open(path) } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
        {
            for end in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + "-index" + end)
            }
            connection = try Self.open(path)
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "hufu index"
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { database in
            try attach(to: database, path: path)
            // What a crash may take from it is made again.
            try database.execute(
                sql: """
                    PRAGMA entry_index.journal_mode = WAL;
                    PRAGMA entry_index.synchronous = NORMAL;
                    """)
            try create(in: database)
        }
        return connection
    }

    /// As `entry_index`, in the readers' SQL too.
    static func attach(to database: Database, path: String) throws {
        try database.execute(sql: "ATTACH DATABASE ? AS entry_index", arguments: [path + "-index"])
    }

    /// The tables, unless they are there and of this very log: the database may have come from a backup since.
    private static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS entry_index.positions
                    (id TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (id, row)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS entry_index.reached
                    (id INTEGER PRIMARY KEY CHECK (id = 1), row INTEGER NOT NULL, body BLOB);
                """)
        let isOfThisLog = try Bool.fetchOne(
            database,
            sql: """
                SELECT r.row = 0 OR EXISTS (SELECT 1 FROM entries AS e WHERE e.row = r.row AND e.body = r.body)
                FROM entry_index.reached AS r
                """)
        if isOfThisLog == true { return }
        try database.execute(
            sql: """
                DELETE FROM entry_index.positions;
                REPLACE INTO entry_index.reached (id, row, body) VALUES (1, 0, NULL);
                """)
    }

    /// Takes up the next entries, at most `limit`; answers how many it took.
    func extend(limit: Int) async throws -> Int {
        try await connection.writeWithoutTransaction { database in
            // Deferred: immediate would lock the database, too, which is only read.
            var count = 0
            try database.inTransaction(.deferred) {
                count = try Transaction(database: database).extendIndex(limit: limit)
                return .commit
            }
            return count
        }
    }

    func close() throws { try connection.close() }
}

extension Transaction {
    /// Entries in the index: rows 1 to this one.
    package func indexedEntries() throws -> Int {
        try rows("SELECT row FROM entry_index.reached WHERE id = 1")[0].integer(0)
    }

    fileprivate func extendIndex(limit: Int) throws -> Int {
        let end = try indexedEntries()
        let last = min(try entryCount(), end + limit)
        guard last > end else { return 0 }
        let range = [SQLValue(end), SQLValue(last)]
        try run(
            """
            INSERT INTO entry_index.positions (id, row)
            SELECT subject_id, row FROM entries WHERE row > ? AND row <= ? AND subject_id IS NOT NULL UNION
            SELECT application_id, row FROM entries WHERE row > ? AND row <= ? AND application_id IS NOT NULL
            ORDER BY 1, 2
            """, range + range)
        try run(
            """
            UPDATE entry_index.reached SET (row, body) = (SELECT row, body FROM entries WHERE row = ?) WHERE id = 1
            """, [SQLValue(last)])
        return last - end
    }

    /// Entries after a cursor, oldest first, or before it, newest first.
    package func entries(
        _ filter: EntryFilter, after index: Int, newestFirst: Bool, limit: Int
    ) throws -> [StoredEntry] {
        let first = newestFirst ? 1 : index + 2
        let range = first..<max(first, newestFirst ? index + 1 : .max)
        guard let id = filter.subjectID ?? filter.applicationID?.lowercased else {
            return try search(nil, filter, range, newestFirst, limit)
        }
        let end = try indexedEntries()
        let old = range.clamped(to: 1..<end + 1)
        let new = range.clamped(to: end + 1..<Int.max)
        var found: [StoredEntry] = []
        for (indexed, range) in newestFirst ? [(false, new), (true, old)] : [(true, old), (false, new)]
        where found.count < limit && !range.isEmpty {
            found += try search(indexed ? id : nil, filter, range, newestFirst, limit - found.count)
        }
        return found
    }

    /// Among these rows: those that the index has for an id, or all of them.
    private func search(
        _ id: String?, _ filter: EntryFilter, _ range: Range<Int>, _ newestFirst: Bool, _ limit: Int
    ) throws -> [StoredEntry] {
        var conditions: [String] = []
        var arguments: [SQLValue] = []
        func narrow(_ condition: String, _ value: SQLValue) {
            if value == .null { return }
            conditions.append(condition)
            arguments.append(value)
        }
        let row = id == nil ? "e.row" : "i.row"
        narrow("i.id = ?", SQLValue(id))
        narrow("\(row) >= ?", SQLValue(range.lowerBound))
        narrow("\(row) < ?", SQLValue(range.upperBound))
        narrow("e.event = ?", SQLValue(filter.event))
        narrow("e.outcome = ?", SQLValue(filter.outcome))
        narrow("e.subject_id = ?", SQLValue(filter.subjectID))
        narrow("e.application_id = ?", SQLValue(filter.applicationID))
        narrow("e.at >= ?", SQLValue(filter.since))
        narrow("e.at < ?", SQLValue(filter.until))
        // A CROSS JOIN keeps SQLite from reading `entries` first.
        return try rows(
            """
            SELECT e.row, e.body, e.payload, e.payload_key
            FROM \(id == nil ? "entries AS e" : "entry_index.positions AS i CROSS JOIN entries AS e ON e.row = i.row")
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(row) \(newestFirst ? "DESC" : "ASC") LIMIT ?
            """, arguments + [SQLValue(limit)]
        ).map(Self.entry)
    }
}
