import GRDB

/// What the database could not do. Nothing of the failed transaction is kept.
package enum StorageError: Error, Equatable {
    /// A row with this key exists (UNIQUE or PRIMARY KEY); the caller decides what that means.
    case duplicate(String)
    /// Another constraint of the schema refused the row: a bug above, never a user's mistake.
    case constraint(String)
    /// The disk is full, read-only or failing: nothing was written, and the same call may succeed later.
    case unavailable(String)
    /// The file is not what the schema says.
    case corrupt(String)
    case closed

    static func translated(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let message = error.message ?? error.resultCode.description
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return duplicate(message)
        default: break
        }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: return constraint(message)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return corrupt(message)
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED,
            .SQLITE_NOMEM, .SQLITE_PERM:
            return unavailable(message)
        // What GRDB says of a connection that was closed.
        case .SQLITE_MISUSE: return closed
        default: return constraint(message)
        }
    }
}
