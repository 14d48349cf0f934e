import AuditLog
package import Foundation
package import Storage

extension Authority {
    package func addInstitution(
        _ call: Call, name: String, kind: Institution.Kind, region: String?
    ) async throws -> Institution {
        let institution = Institution(
            id: try newID(), name: name, kind: kind, region: region, createdAt: now())
        return try await decide(
            call, "institution.created", "create", subject: "institution", status: 201
        ) { transaction, record in
            do { try transaction.insert(institution) } catch StorageError.duplicate {
                throw InputError.conflict("an institution with this name exists")
            }
            record.subject.id = institution.id.lowercased
            record.data = ["kind": .string(kind.rawValue)]
            return .success(institution)
        }
    }

    package func institution(_ id: UUID) async throws -> Institution {
        guard let found = try await store.read({ try $0.institution(id: id) }) else {
            throw InputError.notFound("institution")
        }
        return found
    }

    package func institutions(_ page: Page) async throws -> [Institution] {
        try await store.read { try $0.institutions(after: page.cursor, limit: page.limit) }
    }
}

/// A part of a list: at most `limit` items after the one that `cursor` names ("" before the first).
package struct Page: Sendable {
    package var cursor: String
    package var limit: Int

    package init(cursor: String = "", limit: Int = 50) {
        self.cursor = cursor
        self.limit = limit
    }

    /// The cursor as a dense index; -1 before the first.
    var index: Int { Int(cursor) ?? -1 }
}
