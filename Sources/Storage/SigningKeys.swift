package import Foundation

/// A key that a bound device signs its calls with. Shared secrets are not stored: they are derived.
package struct StoredSigningKey: Sendable, Equatable {
    /// As requests name it.
    package var id: String
    package var bindingID: UUID
    package var codeIndex: Int
    /// The version of the signature, such as `v3.3.0`.
    package var profile: String
    /// The algorithm where a profile has several.
    package var algorithm: String?
    /// SPKI in PEM; nil for a shared secret.
    package var publicKey: String?
    /// What else was agreed on, as JSON.
    package var terms: String?
    package var createdAt: Date
    package var expiresAt: Date?
    package var revokedAt: Date?

    package init(
        id: String, bindingID: UUID, codeIndex: Int, profile: String, algorithm: String?, publicKey: String?,
        terms: String?, createdAt: Date, expiresAt: Date?
    ) {
        self.id = id
        self.bindingID = bindingID
        self.codeIndex = codeIndex
        self.profile = profile
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.terms = terms
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

extension Transaction {
    private static let signingKeyColumns =
        "id, binding_id, code_index, profile, algorithm, public_key, terms, created_at, expires_at, revoked_at"

    package func insert(_ key: StoredSigningKey) throws {
        try run(
            "INSERT INTO signing_keys (\(Self.signingKeyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(key.id), SQLValue(key.bindingID), SQLValue(key.codeIndex), .text(key.profile),
                SQLValue(key.algorithm), SQLValue(key.publicKey), SQLValue(key.terms),
                SQLValue(key.createdAt), SQLValue(key.expiresAt), SQLValue(key.revokedAt),
            ])
    }

    package func signingKey(id: String) throws -> StoredSigningKey? {
        try rows("SELECT \(Self.signingKeyColumns) FROM signing_keys WHERE id = ?", [.text(id)])
            .first.map(Self.signingKey)
    }

    package func signingKeys(ofBinding id: UUID) throws -> [StoredSigningKey] {
        try rows(
            "SELECT \(Self.signingKeyColumns) FROM signing_keys WHERE binding_id = ? ORDER BY created_at, id",
            [SQLValue(id)]
        ).map(Self.signingKey)
    }

    package func revokeSigningKey(id: String, at now: Date) throws {
        try run("UPDATE signing_keys SET revoked_at = ? WHERE id = ?", [SQLValue(now), .text(id)])
    }

    private static func signingKey(_ row: SQLRow) throws -> StoredSigningKey {
        var key = StoredSigningKey(
            id: try row.text(0), bindingID: try row.uuid(1), codeIndex: try row.integer(2),
            profile: try row.text(3), algorithm: try row.optionalText(4), publicKey: try row.optionalText(5),
            terms: try row.optionalText(6), createdAt: try row.date(7), expiresAt: try row.optionalDate(8))
        key.revokedAt = try row.optionalDate(9)
        return key
    }
}
