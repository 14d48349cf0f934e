import GRDB
import InsurancePlatform

/// One transaction on the books, on the database's own thread.
struct LedgerTransaction {
    let database: Database

    func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    func first(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws -> Row? {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    func all(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws -> [Row] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    /// A count or a sum.
    func number(_ sql: String, _ values: [(any DatabaseValueConvertible)?] = []) throws -> Int64 {
        try first(sql, values).map { $0[0] ?? 0 } ?? 0
    }

    var lastID: Int64 { database.lastInsertedRowID }
    var changes: Int { database.changesCount }
}

extension Row {
    func cents(_ name: String) -> ExactDecimal { ExactDecimal(cents: self[name]) }
}
