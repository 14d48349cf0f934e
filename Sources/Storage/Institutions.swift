package import Foundation

/// A hospital, pharmacy, vendor or authority that codes are issued to.
package struct Institution: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable { case hospital, pharmacy, vendor, authority, other }

    package var id: UUID
    package var name: String
    package var kind: Kind
    /// Administrative division, six digits (GB/T 2260).
    package var region: String?
    package var createdAt: Date

    package init(id: UUID, name: String, kind: Kind, region: String?, createdAt: Date) {
        self.id = id
        self.name = name
        self.kind = kind
        self.region = region
        self.createdAt = createdAt
    }
}

extension Transaction {
    package func insert(_ institution: Institution) throws {
        try run(
            "INSERT INTO institutions (id, name, kind, region, created_at) VALUES (?, ?, ?, ?, ?)",
            [
                SQLValue(institution.id), .text(institution.name), .text(institution.kind.rawValue),
                SQLValue(institution.region), SQLValue(institution.createdAt),
            ])
    }

    package func institution(id: UUID) throws -> Institution? {
        try rows(
            "SELECT id, name, kind, region, created_at FROM institutions WHERE id = ?", [SQLValue(id)]
        ).first.map(Self.institution)
    }

    /// In the order of their ids, after the one that the cursor names.
    package func institutions(after cursor: String, limit: Int) throws -> [Institution] {
        try rows(
            "SELECT id, name, kind, region, created_at FROM institutions WHERE id > ? ORDER BY id LIMIT ?",
            [.text(cursor), SQLValue(limit)]
        ).map(Self.institution)
    }

    private static func institution(_ row: SQLRow) throws -> Institution {
        Institution(
            id: try row.uuid(0), name: try row.text(1), kind: .init(rawValue: try row.text(2)) ?? .other,
            region: try row.optionalText(3), createdAt: try row.date(4))
    }
}
