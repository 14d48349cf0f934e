package import Foundation

/// An entry as it was written in the transaction of its state change.
package struct StoredEntry: Sendable {
    /// Position in the log, from 0.
    package var index: Int
    /// The canonical bytes: the leaf's data.
    package var body: Data
    /// The personal values behind the commitments, sealed; nil when there are none or they were destroyed.
    package var payload: Data?
    package var payloadKey: String?
}

/// What the columns of an entry repeat of its body, so that it can be found.
package struct EntryKeys: Sendable {
    package var at: Date
    package var event: String
    package var outcome: String
    package var subjectID: String?
    package var applicationID: UUID?

    package init(at: Date, event: String, outcome: String, subjectID: String?, applicationID: UUID?) {
        self.at = at
        self.event = event
        self.outcome = outcome
        self.subjectID = subjectID
        self.applicationID = applicationID
    }
}

/// What a search in the log is narrowed to; nil means any.
package struct EntryFilter: Sendable {
    package var event: String?
    package var outcome: String?
    package var subjectID: String?
    package var applicationID: UUID?
    package var since: Date?
    package var until: Date?
    package init() {}
}

extension Transaction {
    private static let insertEntry = """
        INSERT INTO entries (at, event, outcome, subject_id, application_id, body, payload_key, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Appends an entry and answers its index. Rows number from 1 without gaps: a transaction that is rolled
    /// back gives its numbers back, and nothing is ever deleted from this table.
    @discardableResult
    package func append(
        _ body: Data, keys: EntryKeys, payload: Data? = nil, payloadKey: String? = nil
    ) throws -> Int {
        try run(
            Self.insertEntry,
            [
                SQLValue(keys.at), .text(keys.event), .text(keys.outcome), SQLValue(keys.subjectID),
                SQLValue(keys.applicationID), .blob(body), SQLValue(payloadKey), SQLValue(payload),
            ])
        return Int(lastInsertedRow) - 1
    }

    package func entryCount() throws -> Int {
        try rows("SELECT coalesce(max(row), 0) FROM entries")[0].integer(0)
    }

    package func entries(from index: Int, limit: Int) throws -> [StoredEntry] {
        try rows(
            "SELECT row, body, payload, payload_key FROM entries WHERE row > ? ORDER BY row LIMIT ?",
            [SQLValue(index), SQLValue(limit)]
        ).map(Self.entry)
    }

    package func entry(index: Int) throws -> StoredEntry? {
        try rows("SELECT row, body, payload, payload_key FROM entries WHERE row = ?", [SQLValue(index + 1)])
            .first.map(Self.entry)
    }

    static func entry(_ row: SQLRow) throws -> StoredEntry {
        StoredEntry(
            index: try row.integer(0) - 1, body: try row.blob(1), payload: try row.optionalBlob(2),
            payloadKey: try row.optionalText(3))
    }

    /// The wrapped data key; nil when there is none or it was destroyed.
    package func wrappedPayloadKey(id: String) throws -> Data? {
        try rows("SELECT wrapped FROM payload_keys WHERE id = ?", [.text(id)]).first?.optionalBlob(0)
    }

    /// A month's keys, oldest first.
    package func payloadKeys(of month: String) throws -> [(id: String, isDestroyed: Bool)] {
        try rows(
            "SELECT id, wrapped IS NULL FROM payload_keys WHERE substr(id, 1, 7) = ? ORDER BY created_at, id",
            [.text(month)]
        ).map { (try $0.text(0), try $0.integer(1) == 1) }
    }

    package func insertPayloadKey(id: String, wrapped: Data, at now: Date) throws {
        try run(
            "INSERT INTO payload_keys (id, wrapped, created_at) VALUES (?, ?, ?)",
            [.text(id), .blob(wrapped), SQLValue(now)])
    }
}
