package import ActivationCodes
package import Foundation

/// A device's registered key under a code.
package struct Binding: Sendable, Equatable {
    package enum State: String, Sendable { case bound, released }

    package var id: UUID
    package var codeIndex: Int
    package var device: Device
    /// P-256, X9.63 uncompressed: 04 ‖ X ‖ Y, 65 bytes.
    package var publicKey: Data
    package var state: State
    package var createdAt: Date

    package init(
        id: UUID, codeIndex: Int, device: Device, publicKey: Data, state: State = .bound, createdAt: Date
    ) {
        self.id = id
        self.codeIndex = codeIndex
        self.device = device
        self.publicKey = publicKey
        self.state = state
        self.createdAt = createdAt
    }
}

extension Transaction {
    private static let bindingColumns =
        "id, code_index, thumbprint, public_key, fingerprint, state, created_at"

    package func insertActivation(id: UUID, codeIndex: Int, at now: Date) throws {
        try run(
            "INSERT INTO activations (id, code_index, created_at) VALUES (?, ?, ?)",
            [SQLValue(id), SQLValue(codeIndex), SQLValue(now)])
    }

    /// The code that an activation redeemed.
    package func codeIndex(ofActivation id: UUID) throws -> Int? {
        try rows("SELECT code_index FROM activations WHERE id = ?", [SQLValue(id)]).first?.integer(0)
    }

    /// Inserts the binding, or brings the same key's earlier binding up to date.
    package func save(_ binding: Binding) throws {
        cache?.forgetBindings()
        try run(
            """
            INSERT INTO bindings (\(Self.bindingColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (code_index, thumbprint) DO UPDATE SET fingerprint = excluded.fingerprint
            """,
            [
                SQLValue(binding.id), SQLValue(binding.codeIndex), .blob(binding.device.keyThumbprint),
                .blob(binding.publicKey), .text(binding.device.fingerprint.storedText),
                .text(binding.state.rawValue), SQLValue(binding.createdAt),
            ])
    }

    package func binding(id: UUID) throws -> Binding? {
        if let known = cache?.binding(id: id) { return known }
        let found = try rows("SELECT \(Self.bindingColumns) FROM bindings WHERE id = ?", [SQLValue(id)])
            .first.map(Self.binding)
        if let found { cache?.keep(found) }
        return found
    }

    package func bindings(ofCode index: Int) throws -> [Binding] {
        try rows(
            "SELECT \(Self.bindingColumns) FROM bindings WHERE code_index = ? ORDER BY id",
            [SQLValue(index)]
        ).map(Self.binding)
    }

    package func bindings(after cursor: String, limit: Int) throws -> [Binding] {
        try rows(
            "SELECT \(Self.bindingColumns) FROM bindings WHERE id > ? ORDER BY id LIMIT ?",
            [.text(cursor), SQLValue(limit)]
        ).map(Self.binding)
    }

    package func boundDevices(ofCode index: Int) throws -> Int {
        try rows(
            "SELECT count(*) FROM bindings WHERE code_index = ? AND state = 'bound'", [SQLValue(index)]
        )[0].integer(0)
    }

    package func release(_ binding: UUID) throws {
        cache?.forgetBindings()
        try run("UPDATE bindings SET state = 'released' WHERE id = ?", [SQLValue(binding)])
    }

    /// A challenge that one signature may answer once, for an activation or a binding.
    package func insertChallenge(id: UUID, subject: UUID, value: Data, expiresAt: Date) throws {
        try run(
            "INSERT INTO challenges (id, subject_id, value, expires_at) VALUES (?, ?, ?, ?)",
            [SQLValue(id), SQLValue(subject), .blob(value), SQLValue(expiresAt)])
    }

    /// The challenge's value if it is still good for that subject.
    package func challenge(id: UUID, subject: UUID, at now: Date) throws -> Data? {
        try rows(
            "SELECT value FROM challenges WHERE id = ? AND subject_id = ? AND expires_at > ?",
            [SQLValue(id), SQLValue(subject), SQLValue(now)]
        ).first?.blob(0)
    }

    package func removeChallenge(id: UUID) throws {
        try run("DELETE FROM challenges WHERE id = ?", [SQLValue(id)])
    }

    package func removeChallenges(expiredBefore now: Date) throws {
        try run("DELETE FROM challenges WHERE expires_at <= ?", [SQLValue(now)])
    }

    private static func binding(_ row: SQLRow) throws -> Binding {
        Binding(
            id: try row.uuid(0), codeIndex: try row.integer(1),
            device: Device(
                keyThumbprint: try row.blob(2), fingerprint: try DeviceFingerprint(stored: try row.text(4))),
            publicKey: try row.blob(3), state: .init(rawValue: try row.text(5)) ?? .released,
            createdAt: try row.date(6))
    }
}
