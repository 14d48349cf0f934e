import GRDB

/// The ledger's tables. Amounts are cents, counts ten-thousandths, prices millionths, ratios ten-thousandths;
/// what the business forbids, the schema forbids too.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: people)
            try database.execute(sql: visits)
            try database.execute(sql: settlements)
            try database.execute(sql: messages)
        }
        return migrator
    }

    private static let people = """
        CREATE TABLE person (
            psn_no TEXT NOT NULL PRIMARY KEY,
            cert_no TEXT NOT NULL UNIQUE,
            card_no TEXT NOT NULL UNIQUE,
            token_no TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            gender TEXT NOT NULL,
            nationality TEXT NOT NULL,
            birth TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE insurance (
            psn_no TEXT NOT NULL REFERENCES person,
            insutype TEXT NOT NULL,
            admdvs TEXT NOT NULL,
            opening INTEGER NOT NULL CHECK (opening >= 0),
            balance INTEGER NOT NULL CHECK (balance >= 0),
            status TEXT NOT NULL,
            since TEXT NOT NULL,
            paused TEXT NOT NULL,
            civil_servant TEXT NOT NULL CHECK (civil_servant IN ('0', '1')),
            person_type TEXT NOT NULL,
            employer TEXT NOT NULL,
            PRIMARY KEY (psn_no, insutype)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE catalogue (
            code TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            list_type TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('01', '02', '03')),
            selfpay_ratio INTEGER NOT NULL CHECK (selfpay_ratio BETWEEN 0 AND 10000),
            price_limit INTEGER
        ) STRICT, WITHOUT ROWID;
        """

    private static let visits = """
        CREATE TABLE visit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            institution TEXT NOT NULL,
            psn_no TEXT NOT NULL REFERENCES person,
            insutype TEXT NOT NULL,
            is_inpatient INTEGER NOT NULL CHECK (is_inpatient IN (0, 1)),
            number TEXT NOT NULL,
            med_type TEXT NOT NULL DEFAULT '',
            opened_by TEXT NOT NULL UNIQUE,
            is_open INTEGER NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
            FOREIGN KEY (psn_no, insutype) REFERENCES insurance
        ) STRICT;
        CREATE TABLE fee (
            visit INTEGER NOT NULL REFERENCES visit,
            number TEXT NOT NULL,
            batch TEXT NOT NULL,
            code TEXT NOT NULL,
            amount INTEGER NOT NULL,
            own INTEGER NOT NULL,
            over_limit INTEGER NOT NULL,
            selfpay INTEGER NOT NULL,
            in_scope INTEGER NOT NULL,
            settlement INTEGER REFERENCES settlement,
            -- Stays when the settlement is taken back, so that this can be undone.
            last_settlement INTEGER REFERENCES settlement,
            PRIMARY KEY (visit, number),
            CHECK (amount = own + over_limit + selfpay + in_scope)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fee_by_settlement ON fee (settlement) WHERE settlement IS NOT NULL;
        CREATE INDEX fee_by_last_settlement ON fee (last_settlement) WHERE last_settlement IS NOT NULL;
        """

    private static let settlements = """
        CREATE TABLE settlement (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            msgid TEXT NOT NULL UNIQUE,
            infno TEXT NOT NULL,
            institution TEXT NOT NULL,
            visit INTEGER NOT NULL REFERENCES visit,
            psn_no TEXT NOT NULL,
            insutype TEXT NOT NULL,
            clr_type TEXT NOT NULL,
            clr_optins TEXT NOT NULL,
            day TEXT NOT NULL,
            medfee INTEGER NOT NULL,
            own INTEGER NOT NULL,
            over_limit INTEGER NOT NULL,
            selfpay INTEGER NOT NULL,
            in_scope INTEGER NOT NULL,
            pool INTEGER NOT NULL,
            civil_servant INTEGER NOT NULL,
            fund INTEGER NOT NULL,
            person_part INTEGER NOT NULL,
            account INTEGER NOT NULL,
            cash INTEGER NOT NULL,
            info BLOB NOT NULL,
            refund_of INTEGER REFERENCES settlement,
            reversed_by TEXT UNIQUE,
            FOREIGN KEY (psn_no, insutype) REFERENCES insurance,
            CHECK (medfee = own + over_limit + selfpay + in_scope),
            CHECK (fund = pool + civil_servant),
            CHECK (medfee = fund + person_part),
            CHECK (person_part = account + cash)
        ) STRICT;
        CREATE UNIQUE INDEX settlement_refunded_once ON settlement (refund_of)
            WHERE refund_of IS NOT NULL AND reversed_by IS NULL;
        CREATE INDEX settlement_by_visit ON settlement (visit);
        CREATE INDEX settlement_by_day ON settlement (institution, day, insutype, clr_type);
        CREATE TABLE reversal (
            msgid TEXT NOT NULL PRIMARY KEY,
            original TEXT NOT NULL UNIQUE,
            original_infno TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let messages = """
        CREATE TABLE message (
            msgid TEXT NOT NULL PRIMARY KEY,
            infno TEXT NOT NULL,
            institution TEXT NOT NULL,
            digest BLOB NOT NULL,
            output BLOB NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE signing (
            number TEXT NOT NULL PRIMARY KEY,
            operator TEXT NOT NULL,
            is_open INTEGER NOT NULL DEFAULT 1
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE file (
            number TEXT NOT NULL PRIMARY KEY,
            institution TEXT NOT NULL,
            name TEXT NOT NULL,
            content BLOB NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE token (
            digest BLOB NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
            subject TEXT NOT NULL,
            scope TEXT NOT NULL,
            expires INTEGER NOT NULL,
            -- The refresh token that this one took the place of, until it is used itself.
            replaces BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE setting (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
