import Foundation
import GRDB
import GRDBSQLite

/// GRDB's statements, bound and stepped in SQLite's own way: its row and argument types cost more than the
/// statements that a decision runs.
extension Statement {
    /// SQLite copies what is bound: `SQLITE_TRANSIENT`.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Runs the statement to its end and hands each row to `body`. It is reset when this returns.
    func run(_ arguments: [SQLValue], on database: Database, _ body: (SQLRow) -> Void) throws {
        defer {
            sqlite3_reset(sqliteStatement)
            sqlite3_clear_bindings(sqliteStatement)
        }
        for (position, value) in arguments.enumerated() {
            let code = bind(value, at: Int32(position + 1))
            guard code == SQLITE_OK else { throw error(code, database) }
        }
        while true {
            switch sqlite3_step(sqliteStatement) {
            case SQLITE_ROW: body(row())
            case SQLITE_DONE: return
            case let code: throw error(code, database)
            }
        }
    }

    private func error(_ code: Int32, _ database: Database) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: sql)
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(sqliteStatement, position)
        case .integer(let number): return sqlite3_bind_int64(sqliteStatement, position, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    // No bytes have no address, and no address would be NULL.
                    sqlite3_bind_text(
                        sqliteStatement, position, $0.baseAddress ?? Self.empty, Int32($0.count), Self.copied)
                }
            }
        case .blob(let data):
            if data.isEmpty { return sqlite3_bind_zeroblob(sqliteStatement, position, 0) }
            return data.withUnsafeBytes {
                sqlite3_bind_blob(
                    sqliteStatement, position, $0.baseAddress, Int32($0.count), Self.copied)
            }
        }
    }

    private static var empty: UnsafePointer<CChar> {
        let text: StaticString = ""
        return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private func row() -> SQLRow {
        let count = sqlite3_column_count(sqliteStatement)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for position in 0..<count { values.append(value(at: position)) }
        return SQLRow(values: values)
    }

    private func value(at position: Int32) -> SQLValue {
        switch sqlite3_column_type(sqliteStatement, position) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(sqliteStatement, position))
        case SQLITE_FLOAT: return .integer(Int64(sqlite3_column_double(sqliteStatement, position)))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(sqliteStatement, position)
            let count = Int(sqlite3_column_bytes(sqliteStatement, position))
            return .blob(start.map { Data(bytes: $0, count: count) } ?? Data())
        default:
            let start = sqlite3_column_text(sqliteStatement, position)
            let count = Int(sqlite3_column_bytes(sqliteStatement, position))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        }
    }
}
