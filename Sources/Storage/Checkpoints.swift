package import AuditLog
package import Foundation

/// The last checkpoint that was signed. It lives here, apart from the tiles, so that two sequencers can never
/// fork the log: whoever signs must first swap it.
package struct StoredCheckpoint: Sendable, Equatable {
    package var head: TreeHead
    /// The signed note, as it is served.
    package var note: String
    package var signedAt: Date

    package init(head: TreeHead, note: String, signedAt: Date) {
        self.head = head
        self.note = note
        self.signedAt = signedAt
    }
}

extension Transaction {
    package func checkpoint() throws -> StoredCheckpoint? {
        try rows("SELECT size, root, note, signed_at FROM checkpoint WHERE id = 1").first.map {
            guard let root = Hash(try $0.blob(1)) else { throw StorageError.corrupt("checkpoint") }
            return StoredCheckpoint(
                head: TreeHead(size: try $0.integer(0), root: root), note: try $0.text(2),
                signedAt: try $0.date(3))
        }
    }

    /// Compare-and-swap: false when the stored checkpoint is not `old` any more.
    package func swapCheckpoint(from old: StoredCheckpoint?, to new: StoredCheckpoint) throws -> Bool {
        let values = [
            SQLValue(new.head.size), .blob(Data(new.head.root.bytes)), .text(new.note),
            SQLValue(new.signedAt),
        ]
        guard let old else {
            return try run(
                """
                INSERT INTO checkpoint (id, size, root, note, signed_at) VALUES (1, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """, values) == 1
        }
        return try run(
            """
            UPDATE checkpoint SET size = ?, root = ?, note = ?, signed_at = ?
            WHERE id = 1 AND size = ? AND root = ? AND note = ?
            """,
            values + [SQLValue(old.head.size), .blob(Data(old.head.root.bytes)), .text(old.note)]) == 1
    }
}
