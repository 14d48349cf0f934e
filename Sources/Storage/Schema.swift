import GRDB

/// The tables, their constraints and their versions. Constraints stand here, not only in code: a bug above
/// meets a refusal, never a wrong row.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 authority") { try $0.execute(sql: authority) }
        migrator.registerMigration("1 codes") { try $0.execute(sql: codes) }
        migrator.registerMigration("1 log") { try $0.execute(sql: log) }
        migrator.registerMigration("2 entry index") { try $0.execute(sql: entryIndex) }
        migrator.registerMigration("3 signed calls") { try $0.execute(sql: signedCalls) }
        migrator.registerMigration("4 platform journal") { try $0.execute(sql: platformJournalSchema) }
        migrator.registerMigration("4 platform token") { try $0.execute(sql: platformTokensSchema) }
        migrator.registerMigration("5 entry index apart") {
            try $0.execute(sql: "DROP TABLE entry_index; DROP TABLE entry_index_end;")
        }
        migrator.registerMigration("6 unconfirmed reversals") {
            try $0.execute(sql: unconfirmedReversalsSchema)
        }
        return migrator
    }

    private static let authority = """
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE operators (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, roles TEXT NOT NULL,
            password_hash TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)),
            created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE refresh_tokens (
            hash BLOB PRIMARY KEY CHECK (length(hash) = 32), family TEXT NOT NULL,
            operator_id TEXT NOT NULL REFERENCES operators (id), expires_at INTEGER NOT NULL,
            used_at INTEGER) WITHOUT ROWID;
        CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
        CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
        CREATE TABLE idempotency (
            scope TEXT NOT NULL, key TEXT NOT NULL, request BLOB NOT NULL, status INTEGER NOT NULL,
            answer BLOB NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (scope, key)) WITHOUT ROWID;
        CREATE INDEX idempotency_age ON idempotency (created_at);
        CREATE TABLE institutions (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, region TEXT,
            created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE policies (
            name TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0), document TEXT NOT NULL,
            created_at INTEGER NOT NULL, PRIMARY KEY (name, version)) WITHOUT ROWID;
        CREATE TABLE applications (
            id TEXT PRIMARY KEY, institution_id TEXT NOT NULL REFERENCES institutions (id),
            policy_name TEXT NOT NULL, policy_version INTEGER NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000), purpose BLOB,
            terms TEXT NOT NULL, contact BLOB,
            state TEXT NOT NULL CHECK (state IN ('submitted', 'approved', 'rejected', 'issued')),
            applicant_id TEXT NOT NULL, approvals_needed INTEGER NOT NULL,
            created_at INTEGER NOT NULL, code_id TEXT,
            FOREIGN KEY (policy_name, policy_version) REFERENCES policies (name, version)) WITHOUT ROWID;
        CREATE TABLE approvals (
            application_id TEXT NOT NULL REFERENCES applications (id), operator_id TEXT NOT NULL,
            decision TEXT NOT NULL CHECK (decision IN ('approve', 'reject')), comment BLOB,
            decided_at INTEGER NOT NULL, PRIMARY KEY (application_id, operator_id)) WITHOUT ROWID;
        """

    private static let codes = """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications (id),
            count INTEGER NOT NULL, state TEXT NOT NULL
                CHECK (state IN ('staged', 'issued', 'discarding')),
            digest BLOB, created_by TEXT NOT NULL, created_at INTEGER NOT NULL,
            staged_at INTEGER, confirmed_at INTEGER) WITHOUT ROWID;
        CREATE UNIQUE INDEX batches_application ON batches (application_id);
        CREATE TABLE codes (
            idx INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            lookup BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32), sealed BLOB NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('pending', 'active', 'bound', 'exhausted', 'suspended', 'expired', 'revoked')),
            suspended_from TEXT, institution_id TEXT NOT NULL, application_id TEXT NOT NULL, batch_id TEXT,
            policy_name TEXT NOT NULL, policy_version INTEGER NOT NULL, policy_reference TEXT,
            created_at INTEGER NOT NULL, not_before INTEGER NOT NULL, expires_at INTEGER,
            activate_before INTEGER NOT NULL, duration TEXT NOT NULL, duration_start TEXT NOT NULL,
            usage_limit INTEGER, used_count INTEGER NOT NULL CHECK (used_count >= 0),
            device_limit INTEGER NOT NULL, matching TEXT NOT NULL, binding_key BLOB,
            roles TEXT NOT NULL, scopes TEXT NOT NULL, ranges TEXT NOT NULL,
            renewals_left INTEGER NOT NULL CHECK (renewals_left >= 0), renewal_period TEXT NOT NULL,
            metadata TEXT, revoked_reason TEXT, revoked_at INTEGER,
            CHECK (usage_limit IS NULL OR used_count <= usage_limit),
            CHECK ((state = 'revoked') = (revoked_at IS NOT NULL)),
            CHECK ((state = 'suspended') = (suspended_from IS NOT NULL)));
        CREATE INDEX codes_expiring ON codes (expires_at)
            WHERE expires_at IS NOT NULL AND state NOT IN ('expired', 'revoked');
        CREATE INDEX codes_unactivated ON codes (activate_before)
            WHERE used_count = 0 AND state IN ('pending', 'suspended');
        CREATE INDEX codes_application ON codes (application_id);
        CREATE TABLE activations (
            id TEXT PRIMARY KEY, code_index INTEGER NOT NULL REFERENCES codes (idx),
            created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE bindings (
            id TEXT PRIMARY KEY, code_index INTEGER NOT NULL REFERENCES codes (idx),
            thumbprint BLOB NOT NULL CHECK (length(thumbprint) = 32),
            public_key BLOB NOT NULL CHECK (length(public_key) = 65), fingerprint TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('bound', 'released')), created_at INTEGER NOT NULL,
            UNIQUE (code_index, thumbprint)) WITHOUT ROWID;
        CREATE TABLE challenges (
            id TEXT PRIMARY KEY, subject_id TEXT NOT NULL, value BLOB NOT NULL CHECK (length(value) = 32),
            expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX challenges_expiry ON challenges (expires_at);
        """

    private static let log = """
        CREATE TABLE entries (
            row INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL, outcome TEXT NOT NULL,
            subject_id TEXT, application_id TEXT, body BLOB NOT NULL CHECK (length(body) <= 65535),
            payload_key TEXT, payload BLOB);
        CREATE INDEX entries_subject ON entries (subject_id) WHERE subject_id IS NOT NULL;
        CREATE INDEX entries_application ON entries (application_id) WHERE application_id IS NOT NULL;
        CREATE TABLE payload_keys (id TEXT PRIMARY KEY, wrapped BLOB, created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE checkpoint (
            id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, root BLOB NOT NULL,
            note TEXT NOT NULL, signed_at INTEGER NOT NULL);
        """

    /// Gone since: see `EntryIndex`.
    private static let entryIndex = """
        DROP INDEX entries_subject;
        DROP INDEX entries_application;
        CREATE TABLE entry_index (id TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (id, row)) WITHOUT ROWID;
        CREATE TABLE entry_index_end (id INTEGER PRIMARY KEY CHECK (id = 1), row INTEGER NOT NULL);
        INSERT INTO entry_index_end (id, row) VALUES (1, 0);
        """

    private static let signedCalls = """
        CREATE TABLE signing_keys (
            id TEXT PRIMARY KEY, binding_id TEXT NOT NULL REFERENCES bindings (id),
            code_index INTEGER NOT NULL REFERENCES codes (idx), profile TEXT NOT NULL, algorithm TEXT,
            public_key TEXT, terms TEXT, created_at INTEGER NOT NULL, expires_at INTEGER,
            revoked_at INTEGER) WITHOUT ROWID;
        CREATE INDEX signing_keys_binding ON signing_keys (binding_id);
        CREATE TABLE call_nonces (row INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, expires INTEGER NOT NULL);
        """
}
