package import Foundation

/// A person who works at the authority.
package struct Operator: Sendable, Equatable {
    package enum Role: String, CaseIterable, Sendable { case admin, issuer, approver, auditor }

    package var id: UUID
    package var name: String
    package var roles: Set<Role>
    /// An encoded scrypt hash, never the password.
    package var passwordHash: String
    package var active: Bool
    package var createdAt: Date

    package init(
        id: UUID, name: String, roles: Set<Role>, passwordHash: String, active: Bool = true, createdAt: Date
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.passwordHash = passwordHash
        self.active = active
        self.createdAt = createdAt
    }
}

/// A refresh token, known by its hash. `family` joins all that descend from one log-in.
package struct RefreshToken: Sendable {
    package var hash: Data
    package var family: UUID
    package var operatorID: UUID
    package var expiresAt: Date
    package var usedAt: Date?

    package init(hash: Data, family: UUID, operatorID: UUID, expiresAt: Date, usedAt: Date? = nil) {
        self.hash = hash
        self.family = family
        self.operatorID = operatorID
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }
}

extension Transaction {
    private static let operatorColumns = "id, name, roles, password_hash, active, created_at"

    package func save(_ person: Operator) throws {
        try run(
            """
            INSERT INTO operators (\(Self.operatorColumns)) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
            SET roles = excluded.roles, password_hash = excluded.password_hash, active = excluded.active
            """,
            [
                SQLValue(person.id), .text(person.name),
                SQLValue(names: person.roles.map(\.rawValue).sorted()),
                .text(person.passwordHash), .integer(person.active ? 1 : 0), SQLValue(person.createdAt),
            ])
    }

    package func `operator`(id: UUID) throws -> Operator? {
        try rows("SELECT \(Self.operatorColumns) FROM operators WHERE id = ?", [SQLValue(id)])
            .first.map(Self.operator)
    }

    package func `operator`(named name: String) throws -> Operator? {
        try rows("SELECT \(Self.operatorColumns) FROM operators WHERE name = ?", [.text(name)])
            .first.map(Self.operator)
    }

    package func operators(after cursor: String, limit: Int) throws -> [Operator] {
        try rows(
            "SELECT \(Self.operatorColumns) FROM operators WHERE id > ? ORDER BY id LIMIT ?",
            [.text(cursor), SQLValue(limit)]
        ).map(Self.operator)
    }

    package func hasOperators() throws -> Bool { try !rows("SELECT 1 FROM operators LIMIT 1").isEmpty }

    private static func `operator`(_ row: SQLRow) throws -> Operator {
        Operator(
            id: try row.uuid(0), name: try row.text(1),
            roles: Set(try row.names(2).compactMap(Operator.Role.init(rawValue:))),
            passwordHash: try row.text(3), active: try row.integer(4) == 1, createdAt: try row.date(5))
    }

    package func insert(_ token: RefreshToken) throws {
        try run(
            "INSERT INTO refresh_tokens (hash, family, operator_id, expires_at) VALUES (?, ?, ?, ?)",
            [
                .blob(token.hash), SQLValue(token.family), SQLValue(token.operatorID),
                SQLValue(token.expiresAt),
            ])
    }

    package func refreshToken(hash: Data) throws -> RefreshToken? {
        try rows(
            "SELECT hash, family, operator_id, expires_at, used_at FROM refresh_tokens WHERE hash = ?",
            [.blob(hash)]
        ).first.map {
            RefreshToken(
                hash: try $0.blob(0), family: try $0.uuid(1), operatorID: try $0.uuid(2),
                expiresAt: try $0.date(3), usedAt: try $0.optionalDate(4))
        }
    }

    package func markUsed(_ token: RefreshToken, at now: Date) throws {
        try run("UPDATE refresh_tokens SET used_at = ? WHERE hash = ?", [SQLValue(now), .blob(token.hash)])
    }

    package func removeRefreshTokens(family: UUID) throws {
        try run("DELETE FROM refresh_tokens WHERE family = ?", [SQLValue(family)])
    }

    package func removeRefreshTokens(of person: UUID) throws {
        try run("DELETE FROM refresh_tokens WHERE operator_id = ?", [SQLValue(person)])
    }

    package func removeRefreshTokens(expiredBefore now: Date) throws {
        try run("DELETE FROM refresh_tokens WHERE expires_at <= ?", [SQLValue(now)])
    }
}
