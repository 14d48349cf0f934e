package import Foundation

/// Many codes issued together. Staged codes do not exist for anybody until the batch is confirmed.
package struct Batch: Sendable, Equatable {
    package enum State: String, Sendable {
        case staged, issued
        /// Being taken away; nothing leads back.
        case discarding
    }

    package var id: UUID
    package var applicationID: UUID
    package var count: Int
    package var state: State
    /// SHA-256 of the bytes that were streamed out; nil until all of them were.
    package var digest: Data?
    package var createdBy: UUID
    package var createdAt: Date
    package var confirmedAt: Date?

    package init(
        id: UUID, applicationID: UUID, count: Int, state: State = .staged, digest: Data? = nil,
        createdBy: UUID,
        createdAt: Date, confirmedAt: Date? = nil
    ) {
        self.id = id
        self.applicationID = applicationID
        self.count = count
        self.state = state
        self.digest = digest
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.confirmedAt = confirmedAt
    }
}

extension Transaction {
    private static let batchColumns =
        "id, application_id, count, state, digest, created_by, created_at, confirmed_at"

    package func insert(_ batch: Batch) throws {
        try run(
            "INSERT INTO batches (\(Self.batchColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                SQLValue(batch.id), SQLValue(batch.applicationID), SQLValue(batch.count),
                .text(batch.state.rawValue), SQLValue(batch.digest), SQLValue(batch.createdBy),
                SQLValue(batch.createdAt), SQLValue(batch.confirmedAt),
            ])
    }

    package func batch(id: UUID) throws -> Batch? {
        try rows("SELECT \(Self.batchColumns) FROM batches WHERE id = ?", [SQLValue(id)]).first.map(
            Self.batch)
    }

    package func batches(after cursor: String, limit: Int) throws -> [Batch] {
        try rows(
            "SELECT \(Self.batchColumns) FROM batches WHERE id > ? ORDER BY id LIMIT ?",
            [.text(cursor), SQLValue(limit)]
        ).map(Self.batch)
    }

    /// Batches in a state; with a moment, only those that were streamed out before it.
    package func batches(_ state: Batch.State, streamedBefore moment: Date? = nil) throws -> [Batch] {
        try rows(
            "SELECT \(Self.batchColumns) FROM batches WHERE state = ? AND (? IS NULL OR staged_at < ?)",
            [.text(state.rawValue), SQLValue(moment), SQLValue(moment)]
        ).map(Self.batch)
    }

    /// All of the batch was streamed out; false when it is not staged any more.
    package func setDigest(_ digest: Data, of batch: UUID, at now: Date) throws -> Bool {
        try run(
            "UPDATE batches SET digest = ?, staged_at = ? WHERE id = ? AND state = 'staged'",
            [.blob(digest), SQLValue(now), SQLValue(batch)]) == 1
    }

    /// From here on the batch's codes exist.
    package func confirm(_ batch: UUID, at now: Date) throws {
        cache?.forgetCodes()
        try run(
            "UPDATE batches SET state = 'issued', confirmed_at = ? WHERE id = ?",
            [SQLValue(now), SQLValue(batch)])
    }

    /// From here on the batch can't be confirmed; false when it is not staged any more.
    package func beginDiscarding(_ batch: UUID) throws -> Bool {
        try run(
            "UPDATE batches SET state = 'discarding' WHERE id = ? AND state = 'staged'", [SQLValue(batch)])
            == 1
    }

    /// Takes away at most `limit` codes of a batch that is being discarded; true when the batch is gone too.
    package func removeDiscarded(_ batch: Batch, limit: Int) throws -> Bool {
        cache?.forgetCodes()
        let removed = try run(
            """
            DELETE FROM codes WHERE idx IN (SELECT idx FROM codes WHERE application_id = ?
            AND batch_id = ? LIMIT ?)
            AND EXISTS (SELECT 1 FROM batches WHERE id = ? AND state = 'discarding')
            """,
            [SQLValue(batch.applicationID), SQLValue(batch.id), SQLValue(limit), SQLValue(batch.id)])
        guard removed < limit else { return false }
        try run("DELETE FROM batches WHERE id = ? AND state = 'discarding'", [SQLValue(batch.id)])
        return true
    }

    private static func batch(_ row: SQLRow) throws -> Batch {
        Batch(
            id: try row.uuid(0), applicationID: try row.uuid(1), count: try row.integer(2),
            state: .init(rawValue: try row.text(3)) ?? .staged, digest: try row.optionalBlob(4),
            createdBy: try row.uuid(5), createdAt: try row.date(6), confirmedAt: try row.optionalDate(7))
    }
}
