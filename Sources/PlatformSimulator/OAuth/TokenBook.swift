import Crypto
import Foundation
import GRDB
import Synchronization

/// Tokens that were given out, by their digests: in memory for the calls, in the ledger for a restart.
final class TokenBook: Sendable {
    struct Access: Sendable {
        let subject: String
        let scope: String
        /// Unix milliseconds.
        let expires: Int64

        func grants(_ scope: String) -> Bool { self.scope.split(separator: " ").contains { $0 == scope } }
    }

    struct Issued: Sendable {
        let access: String
        let refresh: String?
        let scope: String
        let subject: String
    }

    private let ledger: Ledger
    private let accessLifetime: Int64
    private let refreshLifetime: Int64
    private let live = Mutex<[Data: Access]>([:])

    /// - Parameters: lifetimes in milliseconds.
    init(ledger: Ledger, accessLifetime: Int64, refreshLifetime: Int64) {
        self.ledger = ledger
        self.accessLifetime = accessLifetime
        self.refreshLifetime = refreshLifetime
    }

    /// Takes in what a process before this one gave out.
    func load() async throws {
        let rows = try await ledger.read { transaction in
            try transaction.all("SELECT * FROM token WHERE kind = 'access'").map { row in
                (
                    row["digest"] as Data,
                    Access(subject: row["subject"], scope: row["scope"], expires: row["expires"])
                )
            }
        }
        live.withLock { live in
            for (digest, access) in rows { live[digest] = access }
        }
    }

    /// Nil for a token that is unknown, revoked or over.
    func access(_ token: String, now: Int64) -> Access? {
        let digest = Self.data(token)
        return live.withLock { live in live[digest].flatMap { $0.expires > now ? $0 : nil } }
    }

    func issue(subject: String, scope: String, withRefresh: Bool, now: Int64) async throws -> Issued {
        try await issue(
            subject: subject, scope: scope, replaces: nil, withRefresh: withRefresh, now: now)
    }

    /// A new pair for a refresh token. The old one stays good until the new one is used: whose answer was lost
    /// can ask again.
    func refresh(_ token: String, now: Int64) async throws -> Issued {
        let digest = Self.data(token)
        let known = try await ledger.write { transaction -> (subject: String, scope: String)? in
            let row = try transaction.first(
                "SELECT * FROM token WHERE digest = ? AND kind = 'refresh'", [digest])
            guard let row, row["expires"] as Int64 > now else { return nil }
            if let replaced: Data = row["replaces"] {
                try transaction.run("DELETE FROM token WHERE digest = ?", [replaced])
                try transaction.run("UPDATE token SET replaces = NULL WHERE digest = ?", [digest])
            }
            return (row["subject"], row["scope"])
        }
        guard let known else {
            throw OAuthError(.invalidGrant, "the refresh token is unknown, revoked, used or over")
        }
        return try await issue(
            subject: known.subject, scope: known.scope, replaces: digest, withRefresh: true, now: now)
    }

    /// Answers how many access tokens were revoked.
    @discardableResult
    func revoke(withRefresh: Bool) async throws -> Int {
        let count = live.withLock { live in
            defer { live.removeAll() }
            return live.count
        }
        try await ledger.write { transaction in
            try transaction.run("DELETE FROM token WHERE kind = 'access' OR ?", [withRefresh])
        }
        return count
    }

    private func issue(
        subject: String, scope: String, replaces: Data?, withRefresh: Bool, now: Int64
    ) async throws -> Issued {
        let access = URLSafeBase64.text(SandboxCredentials.randomBytes(32))
        let refresh = withRefresh ? URLSafeBase64.text(SandboxCredentials.randomBytes(32)) : nil
        let expires = now + accessLifetime
        let refreshExpires = now + refreshLifetime
        try await ledger.write { transaction in
            let insert = "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?)"
            try transaction.run("DELETE FROM token WHERE expires <= ?", [now])
            try transaction.run(
                insert, [Self.data(access), "access", subject, scope, expires, nil])
            if let refresh {
                try transaction.run(
                    insert,
                    [Self.data(refresh), "refresh", subject, scope, refreshExpires, replaces])
            }
        }
        let entry = Access(subject: subject, scope: scope, expires: expires)
        live.withLock { live in
            live = live.filter { $0.value.expires > now }
            live[Self.data(access)] = entry
        }
        return Issued(access: access, refresh: refresh, scope: scope, subject: subject)
    }

    private static func data(_ token: String) -> Data { Data(SHA256.hash(data: Array(token.utf8))) }
}
