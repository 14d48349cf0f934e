package import Foundation
package import InsurancePlatform

/// A money call as the database keeps it: the journal's entry, and beside it what names a person, sealed.
package struct StoredSettlement: Sendable, Equatable {
    package var entry: JournalEntry
    /// The caller's idempotency key, unique for an institution; nil for none, and once nothing was sent under it.
    package var key: String?
    /// HMAC-SHA256 of what is asked for.
    package var digest: Data
    /// Who sent it, and whom it is about.
    package var details: Data
    /// The platform's answer, sealed; nil before there is one.
    package var answer: Data?

    package init(entry: JournalEntry, key: String?, digest: Data, details: Data, answer: Data? = nil) {
        self.entry = entry
        self.key = key
        self.digest = digest
        self.details = details
        self.answer = answer
    }
}

extension Schema {
    /// The journal of money calls, the statements of each day, and what is left for a person.
    static let platformJournalSchema = """
        CREATE TABLE platform_journal (
            row INTEGER PRIMARY KEY, msgid TEXT NOT NULL UNIQUE, infno TEXT NOT NULL,
            fixmedins_code TEXT NOT NULL, institution TEXT NOT NULL, date TEXT NOT NULL,
            idempotency_key TEXT, digest BLOB NOT NULL CHECK (length(digest) = 32),
            state TEXT NOT NULL CHECK (state IN
                ('intent', 'unsent', 'success', 'fail', 'unknown', 'reversing', 'reversed')),
            reversed_from TEXT, reason TEXT, infcode INTEGER, mdtrt_id TEXT, setl_id TEXT, insutype TEXT,
            clr_type TEXT, total INTEGER NOT NULL, fund INTEGER NOT NULL, account INTEGER NOT NULL,
            cash INTEGER NOT NULL, sent_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            next_at INTEGER NOT NULL, attempts INTEGER NOT NULL, reversal_msgid TEXT, reversal_at INTEGER,
            confirmed_at INTEGER, details BLOB NOT NULL, answer BLOB,
            CHECK ((state = 'reversing') = (reversed_from IS NOT NULL)),
            CHECK (state <> 'reversed' OR reversal_msgid IS NOT NULL));
        CREATE UNIQUE INDEX platform_journal_key ON platform_journal (institution, idempotency_key)
            WHERE idempotency_key IS NOT NULL;
        CREATE UNIQUE INDEX platform_journal_reversal ON platform_journal (reversal_msgid)
            WHERE reversal_msgid IS NOT NULL;
        CREATE INDEX platform_journal_open ON platform_journal (next_at)
            WHERE state IN ('intent', 'unknown', 'reversing');
        CREATE INDEX platform_journal_visit ON platform_journal (fixmedins_code, mdtrt_id)
            WHERE state IN ('intent', 'unknown', 'reversing');
        CREATE INDEX platform_journal_settlement ON platform_journal (fixmedins_code, setl_id)
            WHERE setl_id IS NOT NULL;
        CREATE INDEX platform_journal_day ON platform_journal (fixmedins_code, date);
        CREATE TABLE platform_statements (
            fixmedins_code TEXT NOT NULL, date TEXT NOT NULL, insutype TEXT NOT NULL, clr_type TEXT NOT NULL,
            result TEXT NOT NULL, reason TEXT, count INTEGER NOT NULL, total INTEGER NOT NULL,
            fund INTEGER NOT NULL, account INTEGER NOT NULL, cash INTEGER NOT NULL,
            differences INTEGER NOT NULL, reversed INTEGER NOT NULL, open INTEGER NOT NULL,
            rounds INTEGER NOT NULL, runs INTEGER NOT NULL, compared_at INTEGER NOT NULL,
            PRIMARY KEY (fixmedins_code, date, insutype, clr_type)) WITHOUT ROWID;
        CREATE TABLE platform_tasks (
            id INTEGER PRIMARY KEY, fixmedins_code TEXT NOT NULL, date TEXT NOT NULL, insutype TEXT NOT NULL,
            clr_type TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, msgid TEXT, setl_id TEXT,
            mdtrt_id TEXT, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'gone')),
            decision TEXT, decided_by TEXT, created_at INTEGER NOT NULL, decided_at INTEGER,
            UNIQUE (fixmedins_code, date, insutype, clr_type, kind, subject));
        CREATE INDEX platform_tasks_open ON platform_tasks (id) WHERE state = 'open';
        """

    /// The schedule of statements asks for these every few minutes.
    static let unconfirmedReversalsSchema = """
        CREATE INDEX platform_journal_unconfirmed ON platform_journal (fixmedins_code, date)
            WHERE state = 'reversed' AND confirmed_at IS NULL;
        """
}

extension Transaction {
    private static let journalColumns = """
        msgid, infno, fixmedins_code, institution, date, sent_at, state, reversed_from, changed_at, \
        reversal_msgid, reversal_at, reason, infcode, mdtrt_id, setl_id, insutype, clr_type, total, fund, \
        account, cash, next_at, attempts, confirmed_at, idempotency_key, digest, details, answer
        """

    private static let isOpen = "state IN ('intent', 'unknown', 'reversing')"

    /// Throws `StorageError.duplicate` when the message's identifier or the key is there already.
    package func insert(_ settlement: StoredSettlement) throws {
        let marks = Array(repeating: "?", count: 28).joined(separator: ", ")
        try run(
            "INSERT INTO platform_journal (\(Self.journalColumns)) VALUES (\(marks))",
            Self.values(settlement.entry) + [
                SQLValue(settlement.key), .blob(settlement.digest), .blob(settlement.details),
                SQLValue(settlement.answer),
            ])
    }

    /// Writes the entry's new state, and its answer where it has one now.
    package func update(_ entry: JournalEntry, answer: Data? = nil) throws {
        let changed = try run(
            """
            UPDATE platform_journal SET date = ?, sent_at = ?, state = ?, reversed_from = ?, changed_at = ?,
                reversal_msgid = ?, reversal_at = ?, reason = ?, infcode = ?, mdtrt_id = ?, setl_id = ?,
                insutype = ?, clr_type = ?, total = ?, fund = ?, account = ?, cash = ?, next_at = ?,
                attempts = ?, confirmed_at = ?, answer = coalesce(?, answer)
            WHERE msgid = ?
            """,
            Array(Self.values(entry)[4...]) + [SQLValue(answer), .text(entry.msgid)])
        guard changed == 1 else { throw StorageError.corrupt("the settlement \(entry.msgid) is gone") }
    }

    package func settlement(msgid: String) throws -> StoredSettlement? {
        try settlements("msgid = ?", [.text(msgid)]).first
    }

    package func settlement(reversalMsgid: String) throws -> StoredSettlement? {
        try settlements("reversal_msgid = ?", [.text(reversalMsgid)]).first
    }

    /// The greatest identifier of a reversal between two of one institution, whose number in its second is at
    /// least the first one's.
    package func lastReversal(after first: MessageID, before end: MessageID) throws -> MessageID? {
        try rows(
            """
            SELECT reversal_msgid FROM platform_journal
            WHERE reversal_msgid > ? AND reversal_msgid < ? AND substr(reversal_msgid, 27) >= ?
            ORDER BY reversal_msgid DESC LIMIT 1
            """, [.text(first.text), .text(end.text), .text(String(first.text.suffix(4)))]
        ).first.flatMap { MessageID(try $0.text(0)) }
    }

    package func settlement(institution: String, key: String) throws -> StoredSettlement? {
        try settlements("institution = ? AND idempotency_key = ?", [.text(institution), .text(key)]).first
    }

    /// The settlement that a refund takes back.
    package func settlement(fixmedinsCode: String, setlID: String) throws -> StoredSettlement? {
        try settlements(
            "fixmedins_code = ? AND setl_id = ? ORDER BY row LIMIT 1", [.text(fixmedinsCode), .text(setlID)]
        ).first
    }

    /// A money call of the visit whose outcome is open.
    package func openSettlement(fixmedinsCode: String, mdtrtID: String) throws -> String? {
        try rows(
            "SELECT msgid FROM platform_journal WHERE fixmedins_code = ? AND mdtrt_id = ? AND \(Self.isOpen) LIMIT 1",
            [.text(fixmedinsCode), .text(mdtrtID)]
        ).first?.text(0)
    }

    /// Gives a key back under which nothing was sent.
    package func releaseKey(msgid: String) throws {
        try run(
            "UPDATE platform_journal SET idempotency_key = NULL WHERE msgid = ? AND state = 'unsent'",
            [.text(msgid)])
    }

    /// The open ones that are due, those that waited longest first.
    package func dueSettlements(at now: Int64, limit: Int) throws -> [StoredSettlement] {
        try settlements(
            "\(Self.isOpen) AND next_at <= ? ORDER BY next_at LIMIT ?", [SQLValue(now), SQLValue(limit)])
    }

    package func openSettlements(fixmedinsCode: String, date: String) throws -> [StoredSettlement] {
        try settlements(
            "fixmedins_code = ? AND date = ? AND \(Self.isOpen) ORDER BY row",
            [.text(fixmedinsCode), .text(date)])
    }

    /// All that are open, of any day.
    package func openMessages(fixmedinsCode: String) throws -> Set<String> {
        Set(
            try rows(
                "SELECT msgid FROM platform_journal WHERE fixmedins_code = ? AND \(Self.isOpen)",
                [.text(fixmedinsCode)]
            ).map { try $0.text(0) })
    }

    /// How many are open, and since when the oldest.
    package func openSettlementCount() throws -> (count: Int, oldest: Int64?) {
        let row = try rows("SELECT count(*), min(sent_at) FROM platform_journal WHERE \(Self.isOpen)")[0]
        return (try row.integer(0), try row.optionalInteger(1).map(Int64.init))
    }

    func settlements(_ condition: String, _ arguments: [SQLValue]) throws -> [StoredSettlement] {
        try rows("SELECT \(Self.journalColumns) FROM platform_journal WHERE \(condition)", arguments)
            .map(Self.settlement)
    }

    private static func values(_ entry: JournalEntry) -> [SQLValue] {
        [
            .text(entry.msgid), .text(entry.infno), .text(entry.fixmedinsCode), .text(entry.institution),
            .text(entry.date), SQLValue(entry.sentAt), .text(entry.state.rawValue),
            SQLValue(entry.reversedFrom?.rawValue), SQLValue(entry.changedAt), SQLValue(entry.reversalMsgid),
            entry.reversalAt.map { SQLValue($0) } ?? .null, SQLValue(entry.reason), SQLValue(entry.infcode),
            SQLValue(entry.mdtrtID), SQLValue(entry.setlID), SQLValue(entry.insutype),
            SQLValue(entry.clrType), SQLValue(entry.amounts.total), SQLValue(entry.amounts.fund),
            SQLValue(entry.amounts.account), SQLValue(entry.amounts.cash), SQLValue(entry.nextAt),
            SQLValue(entry.attempts), entry.confirmedAt.map { SQLValue($0) } ?? .null,
        ]
    }

    private static func settlement(_ row: SQLRow) throws -> StoredSettlement {
        func state(_ text: String) throws -> JournalState {
            guard let state = JournalState(rawValue: text) else {
                throw StorageError.corrupt("a settlement's state")
            }
            return state
        }
        func moment(_ position: Int) throws -> Int64? { try row.optionalInteger(position).map(Int64.init) }
        let stored = JournalEntry.Stored(
            state: try state(try row.text(6)), reversedFrom: try row.optionalText(7).map(state),
            changedAt: Int64(try row.integer(8)), reversalMsgid: try row.optionalText(9),
            reversalAt: try moment(10))
        var entry = JournalEntry(
            msgid: try row.text(0), infno: try row.text(1), fixmedinsCode: try row.text(2),
            institution: try row.text(3), date: try row.text(4), sentAt: Int64(try row.integer(5)),
            stored: stored)
        entry.reason = try row.optionalText(11)
        entry.infcode = try row.optionalInteger(12)
        entry.mdtrtID = try row.optionalText(13)
        entry.setlID = try row.optionalText(14)
        entry.insutype = try row.optionalText(15)
        entry.clrType = try row.optionalText(16)
        entry.amounts = SettlementAmounts(
            total: Int64(try row.integer(17)), fund: Int64(try row.integer(18)),
            account: Int64(try row.integer(19)), cash: Int64(try row.integer(20)))
        entry.nextAt = Int64(try row.integer(21))
        entry.attempts = try row.integer(22)
        entry.confirmedAt = try moment(23)
        return StoredSettlement(
            entry: entry, key: try row.optionalText(24), digest: try row.blob(25),
            details: try row.blob(26), answer: try row.optionalBlob(27))
    }
}
