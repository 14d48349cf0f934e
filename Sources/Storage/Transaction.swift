import Foundation
import GRDB

/// The seam between the nouns' SQL and a driver: two methods, inside one transaction.
///
/// It lives only as long as the closure that `Store` hands it to.
package struct Transaction {
    let database: Database
    /// Nil for readers, which see an older state than the writer.
    var cache: RowCache?

    /// Runs a statement that answers no rows, and tells how many rows it changed.
    @discardableResult
    package func run(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        do {
            try database.cachedStatement(sql: sql).run(arguments, on: database) { _ in }
            return database.changesCount
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// Runs a query and answers its rows.
    package func rows(_ sql: String, _ arguments: [SQLValue] = []) throws -> [SQLRow] {
        do {
            var rows: [SQLRow] = []
            try database.cachedStatement(sql: sql).run(arguments, on: database) { rows.append($0) }
            return rows
        } catch {
            throw StorageError.translated(error)
        }
    }

    /// The key of the row inserted last.
    package var lastInsertedRow: Int64 { database.lastInsertedRowID }
}
