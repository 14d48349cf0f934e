package import ActivationCodes
import AuditLog
package import Foundation

/// A version of a policy with the moment it was set. Versions are never changed, only followed by others.
package struct StoredPolicy: Sendable, Equatable {
    package var policy: Policy
    package var createdAt: Date

    package init(policy: Policy, createdAt: Date) {
        self.policy = policy
        self.createdAt = createdAt
    }
}

extension Transaction {
    package func insert(_ stored: StoredPolicy) throws {
        try run(
            "INSERT INTO policies (name, version, document, created_at) VALUES (?, ?, ?, ?)",
            [
                .text(stored.policy.name), SQLValue(stored.policy.version),
                .text(stored.policy.document.canonicalText), SQLValue(stored.createdAt),
            ])
    }

    /// The newest version of a policy, or the one asked for.
    package func policy(named name: String, version: Int? = nil) throws -> StoredPolicy? {
        try rows(
            """
            SELECT document, created_at FROM policies WHERE name = ? AND (? IS NULL OR version = ?)
            ORDER BY version DESC LIMIT 1
            """, [.text(name), SQLValue(version), SQLValue(version)]
        ).first.map(Self.storedPolicy)
    }

    /// The newest version of each policy, by name.
    package func policies(after cursor: String, limit: Int) throws -> [StoredPolicy] {
        try rows(
            """
            SELECT document, created_at FROM policies p WHERE name > ?
            AND version = (SELECT max(version) FROM policies WHERE name = p.name) ORDER BY name LIMIT ?
            """, [.text(cursor), SQLValue(limit)]
        ).map(Self.storedPolicy)
    }

    private static func storedPolicy(_ row: SQLRow) throws -> StoredPolicy {
        StoredPolicy(policy: try Policy(stored: try row.text(0)), createdAt: try row.date(1))
    }
}
