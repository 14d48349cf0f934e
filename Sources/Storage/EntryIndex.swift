/// The index by which entries are found that concern one subject or application.
///
/// It grows behind the commits, many entries at a time: ids are random, so that keeping it up in each
/// transaction would write a page for nearly every entry. Entries that it has not reached are scanned.
extension Transaction {
    /// Entries in the index: rows 1 to this one.
    package func indexedEntries() throws -> Int {
        try rows("SELECT row FROM entry_index_end WHERE id = 1")[0].integer(0)
    }

    /// Takes up the next entries, at most `limit`; answers how many it took.
    package func indexEntries(limit: Int) throws -> Int {
        let end = try indexedEntries()
        let last = min(try entryCount(), end + limit)
        guard last > end else { return 0 }
        let range = [SQLValue(end), SQLValue(last)]
        try run(
            """
            INSERT INTO entry_index (id, row)
            SELECT subject_id, row FROM entries WHERE row > ? AND row <= ? AND subject_id IS NOT NULL UNION
            SELECT application_id, row FROM entries WHERE row > ? AND row <= ? AND application_id IS NOT NULL
            ORDER BY 1, 2
            """, range + range)
        try run("UPDATE entry_index_end SET row = ? WHERE id = 1", [SQLValue(last)])
        return last - end
    }

    /// Entries after a cursor, oldest first, or before it, newest first.
    package func entries(
        _ filter: EntryFilter, after index: Int, newestFirst: Bool, limit: Int
    ) throws -> [StoredEntry] {
        let first = newestFirst ? 1 : index + 2
        let range = first..<max(first, newestFirst ? index + 1 : .max)
        guard let id = filter.subjectID ?? filter.applicationID?.lowercased else {
            return try search(nil, filter, range, newestFirst, limit)
        }
        let end = try indexedEntries()
        let old = range.clamped(to: 1..<end + 1)
        let new = range.clamped(to: end + 1..<Int.max)
        var found: [StoredEntry] = []
        for (indexed, range) in newestFirst ? [(false, new), (true, old)] : [(true, old), (false, new)]
        where found.count < limit && !range.isEmpty {
            found += try search(indexed ? id : nil, filter, range, newestFirst, limit - found.count)
        }
        return found
    }

    /// Among these rows: those that the index has for an id, or all of them.
    private func search(
        _ id: String?, _ filter: EntryFilter, _ range: Range<Int>, _ newestFirst: Bool, _ limit: Int
    ) throws -> [StoredEntry] {
        var conditions: [String] = []
        var arguments: [SQLValue] = []
        func narrow(_ condition: String, _ value: SQLValue) {
            if value == .null { return }
            conditions.append(condition)
            arguments.append(value)
        }
        let row = id == nil ? "e.row" : "i.row"
        narrow("i.id = ?", SQLValue(id))
        narrow("\(row) >= ?", SQLValue(range.lowerBound))
        narrow("\(row) < ?", SQLValue(range.upperBound))
        narrow("e.event = ?", SQLValue(filter.event))
        narrow("e.outcome = ?", SQLValue(filter.outcome))
        narrow("e.subject_id = ?", SQLValue(filter.subjectID))
        narrow("e.application_id = ?", SQLValue(filter.applicationID))
        narrow("e.at >= ?", SQLValue(filter.since))
        narrow("e.at < ?", SQLValue(filter.until))
        // A CROSS JOIN keeps SQLite from reading `entries` first.
        return try rows(
            """
            SELECT e.row, e.body, e.payload, e.payload_key
            FROM \(id == nil ? "entries AS e" : "entry_index AS i CROSS JOIN entries AS e ON e.row = i.row")
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(row) \(newestFirst ? "DESC" : "ASC") LIMIT ?
            """, arguments + [SQLValue(limit)]
        ).map(Self.entry)
    }
}
