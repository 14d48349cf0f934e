package import Foundation
package import InsurancePlatform

/// The national platform's token, sealed, one row a site, and the lease by which one replica renews it.
package let platformTokensSchema = """
    CREATE TABLE platform_token (
        site TEXT PRIMARY KEY, sealed BLOB CHECK (length(sealed) <= 65535),
        generation INTEGER NOT NULL CHECK (generation >= 0), lease_owner TEXT, lease_until INTEGER,
        CHECK ((sealed IS NULL) = (generation = 0)),
        CHECK ((lease_owner IS NULL) = (lease_until IS NULL))) WITHOUT ROWID
    """

extension Transaction {
    package func platformToken(site: String) throws -> TokenStore.Stored {
        let found = try rows(
            "SELECT sealed, generation FROM platform_token WHERE site = ?", [.text(site)]
        ).first
        guard let found else { return TokenStore.Stored(sealed: nil, generation: 0) }
        return TokenStore.Stored(
            sealed: try found.optionalBlob(0), generation: Int64(try found.integer(1)))
    }

    /// Writes the generation after `generation`; false, and nothing written, where the stored one is another.
    package func savePlatformToken(site: String, sealed: Data, replacing generation: Int64) throws -> Bool {
        if generation == 0 {
            // No row yet, or one that a lease made.
            return try run(
                """
                INSERT INTO platform_token (site, sealed, generation) VALUES (?, ?, 1) ON CONFLICT (site)
                DO UPDATE SET sealed = excluded.sealed, generation = 1 WHERE platform_token.generation = 0
                """, [.text(site), .blob(sealed)]) == 1
        }
        return try run(
            "UPDATE platform_token SET sealed = ?, generation = generation + 1 WHERE site = ? AND generation = ?",
            [.blob(sealed), .text(site), .integer(generation)]) == 1
    }

    /// Takes or prolongs the lease; false where another owner's lasts beyond `now`. Unix milliseconds.
    package func leasePlatformToken(site: String, owner: String, now: Int64, until: Int64) throws -> Bool {
        try run(
            """
            INSERT INTO platform_token (site, generation, lease_owner, lease_until) VALUES (?, 0, ?, ?)
            ON CONFLICT (site) DO UPDATE SET lease_owner = excluded.lease_owner,
            lease_until = excluded.lease_until
            WHERE platform_token.lease_owner IS NULL OR platform_token.lease_owner = excluded.lease_owner
            OR platform_token.lease_until <= ?
            """, [.text(site), .text(owner), .integer(until), .integer(now)]) == 1
    }

    /// Gives the lease back, where it is still this owner's.
    package func releasePlatformToken(site: String, owner: String) throws {
        try run(
            "UPDATE platform_token SET lease_owner = NULL, lease_until = NULL WHERE site = ? AND lease_owner = ?",
            [.text(site), .text(owner)])
    }
}

extension TokenStore {
    /// The store's rows of one site.
    ///
    /// - Parameter owner: this replica, unlike every other: a fresh UUID will do.
    package init(_ store: Store, site: String, owner: String) {
        self.init(
            load: { try await store.read { try $0.platformToken(site: site) } },
            save: { sealed, generation in
                try await store.write {
                    try $0.savePlatformToken(site: site, sealed: sealed, replacing: generation)
                }
            },
            lease: { now, until in
                try await store.write {
                    try $0.leasePlatformToken(site: site, owner: owner, now: now, until: until)
                }
            },
            releaseLease: {
                try await store.write { try $0.releasePlatformToken(site: site, owner: owner) }
            })
    }
}
