/// The nonces of admitted calls, as fingerprints, so that none is good twice across a restart. Each is written
/// in the transaction that admits its call.
package struct CallNonce: Sendable, Equatable {
    package var fingerprint: UInt64
    /// The unix second through which it stays used.
    package var expires: Int64

    package init(fingerprint: UInt64, expires: Int64) {
        self.fingerprint = fingerprint
        self.expires = expires
    }
}

extension Transaction {
    package func insert(_ nonce: CallNonce) throws {
        try run(
            "INSERT INTO call_nonces (fingerprint, expires) VALUES (?, ?)",
            [.integer(Int64(bitPattern: nonce.fingerprint)), .integer(nonce.expires)])
    }

    /// The nonces behind a row, oldest first, with the last one's row.
    package func nonces(after row: Int, limit: Int) throws -> (nonces: [CallNonce], last: Int) {
        let found = try rows(
            "SELECT row, fingerprint, expires FROM call_nonces WHERE row > ? ORDER BY row LIMIT ?",
            [SQLValue(row), SQLValue(limit)])
        return (
            try found.map {
                CallNonce(
                    fingerprint: UInt64(bitPattern: Int64(try $0.integer(1))),
                    expires: Int64(try $0.integer(2)))
            }, try found.last?.integer(0) ?? row
        )
    }

    /// Takes away the oldest that have expired, at most `limit`; answers how many it took.
    package func removeNonces(expiredBefore second: Int64, limit: Int) throws -> Int {
        try run(
            """
            DELETE FROM call_nonces WHERE row IN (
                SELECT row FROM (SELECT row, expires FROM call_nonces ORDER BY row LIMIT ?) WHERE expires < ?)
            """, [SQLValue(limit), .integer(second)])
    }
}
