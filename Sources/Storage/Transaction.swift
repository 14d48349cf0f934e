import Foundation
import GRDB

/// The seam between the nouns' SQL and a driver: two methods, inside one transaction.
///
/// It lives only as long as the closure that `Store` hands it to.
package struct Transaction {
    let database: Database

    /// Runs a statement that answers no rows, and tells how many rows it changed.
    @discardableResult
    package func run(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        do {
            let statement = try database.cachedStatement(sql: sql)
            statement.setUncheckedArguments(StatementArguments(arguments.lazy.map { $0.bound }))
            try statement.execute()
            return database.changesCount
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// Runs a query and answers its rows.
    package func rows(_ sql: String, _ arguments: [SQLValue] = []) throws -> [SQLRow] {
        do {
            let statement = try database.cachedStatement(sql: sql)
            statement.setUncheckedArguments(StatementArguments(arguments.lazy.map { $0.bound }))
            let cursor = try Row.fetchCursor(statement)
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(values: (0..<row.count).map { SQLValue(row[$0] as DatabaseValue) }))
            }
            return rows
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// The key of the row inserted last.
    package var lastInsertedRow: Int64 { database.lastInsertedRowID }
}

extension SQLValue {
    /// As GRDB binds it. (Its initializer for arrays of one type goes through a key path, which costs more than
    /// the statement.)
    fileprivate var bound: (any DatabaseValueConvertible)? {
        switch self {
        case .null: nil
        case .integer(let value): value
        case .text(let value): value
        case .blob(let value): value
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .integer(Int64(value))
        case .string(let value): self = .text(value)
        case .blob(let value): self = .blob(value)
        }
    }
}
