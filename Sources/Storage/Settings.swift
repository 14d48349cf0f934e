package import Foundation

/// An answer kept for a day, so that a repeated request gets it again.
package struct KeptAnswer: Sendable {
    /// HMAC-SHA256 of method, path and body: the same key with another request is a mistake.
    package var request: Data
    package var status: Int
    /// Sealed: it may hold a code.
    package var answer: Data

    package init(request: Data, status: Int, answer: Data) {
        self.request = request
        self.status = status
        self.answer = answer
    }
}

extension Transaction {
    package func setting(_ name: String) throws -> String? {
        try rows("SELECT value FROM settings WHERE name = ?", [.text(name)]).first?.text(0)
    }

    package func set(_ name: String, to value: String) throws {
        try run(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [.text(name), .text(value)])
    }

    package func removeSetting(_ name: String) throws {
        try run("DELETE FROM settings WHERE name = ?", [.text(name)])
    }

    package func keptAnswer(scope: String, key: String, after moment: Date) throws -> KeptAnswer? {
        try rows(
            "SELECT request, status, answer FROM idempotency WHERE scope = ? AND key = ? AND created_at > ?",
            [.text(scope), .text(key), SQLValue(moment)]
        ).first.map { KeptAnswer(request: try $0.blob(0), status: try $0.integer(1), answer: try $0.blob(2)) }
    }

    /// Takes the place of an answer that was kept until `moment` or before. Throws `StorageError.duplicate` when
    /// another request with this key was first.
    package func keep(
        _ answer: KeptAnswer, scope: String, key: String, at now: Date, replacingUntil moment: Date
    ) throws {
        let kept = try run(
            """
            INSERT INTO idempotency (scope, key, request, status, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (scope, key) DO UPDATE SET request = excluded.request, status = excluded.status,
            answer = excluded.answer, created_at = excluded.created_at WHERE idempotency.created_at <= ?
            """,
            [
                .text(scope), .text(key), .blob(answer.request), SQLValue(answer.status),
                .blob(answer.answer),
                SQLValue(now), SQLValue(moment),
            ])
        guard kept == 1 else { throw StorageError.duplicate("idempotency") }
    }

    package func removeKeptAnswers(before moment: Date) throws {
        try run("DELETE FROM idempotency WHERE created_at <= ?", [SQLValue(moment)])
    }
}
