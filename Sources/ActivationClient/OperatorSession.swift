import AuditLog
package import Foundation

/// A signed-in operator: the server and the tokens it gave.
package struct OperatorSession: Sendable, Equatable {
    package var server: String
    package var trustedCAFile: String?
    package var operatorName: String
    package var accessToken: String
    package var accessTokenExpiresAt: Date
    package var refreshToken: String

    /// - Parameter answer: of `POST /v1/tokens` or `/v1/tokens/refresh`.
    package init(server: ServerAddress, trustedCAFile: String?, answer: APIResponse, now: Date) throws {
        let json = try answer.json()
        self.server = server.text
        self.trustedCAFile = trustedCAFile
        operatorName = json["operator"]?["name"]?.string ?? ""
        accessToken = try json.text("access_token")
        accessTokenExpiresAt = now.addingTimeInterval(Double(try json.number("expires_in")))
        refreshToken = try json.text("refresh_token")
    }

    /// Half a minute before the end, so that a token does not run out on its way.
    package func needsRefresh(at now: Date) -> Bool { accessTokenExpiresAt < now.addingTimeInterval(30) }

    fileprivate var json: JSON {
        var json: JSON = [
            "server": .string(server), "operator": .string(operatorName),
            "access_token": .string(accessToken),
            "access_token_expires_at": .string(accessTokenExpiresAt.rfc3339),
            "refresh_token": .string(refreshToken),
        ]
        json["trusted_ca_file"] = trustedCAFile.map { .string($0) }
        return json
    }

    fileprivate init?(json: JSON) {
        guard let server = json["server"]?.string, let name = json["operator"]?.string,
            let accessToken = json["access_token"]?.string,
            let expiry = json["access_token_expires_at"]?.date,
            let refreshToken = json["refresh_token"]?.string
        else { return nil }
        self.server = server
        trustedCAFile = json["trusted_ca_file"]?.string
        operatorName = name
        self.accessToken = accessToken
        accessTokenExpiresAt = expiry
        self.refreshToken = refreshToken
    }
}

/// Where the session is kept between two commands: `hufu/session.json` in the user's configuration directory.
package struct SessionFile: Sendable {
    private let file: PrivateFile

    package init(path: String) { file = PrivateFile(path: path) }

    package var path: String { file.path }

    /// By the XDG base directory specification. Nil where neither variable is set.
    package static func path(in environment: [String: String]) -> String? {
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            return base + "/hufu/session.json"
        }
        return environment["HOME"].map { $0 + "/.config/hufu/session.json" }
    }

    /// Nil when nobody is signed in.
    package func load() async throws -> OperatorSession? {
        guard let bytes = try await file.read() else { return nil }
        guard let session = (try? JSON(parsing: Array(bytes))).flatMap({ OperatorSession(json: $0) }) else {
            throw PrivateFileError(path: file.path, reason: "is damaged; sign in again")
        }
        return session
    }

    package func save(_ session: OperatorSession) async throws {
        try await file.write(Data(session.json.canonical() + Array("\n".utf8)))
    }

    package func remove() async throws { try await file.remove() }

    /// The session with a token that is good for a while; nil when nobody is signed in.
    ///
    /// One process at a time refreshes: a refresh token used twice counts as stolen and ends the session.
    package func current(at now: Date) async throws -> OperatorSession? {
        guard let stored = try await load() else { return nil }
        guard stored.needsRefresh(at: now) else { return stored }
        let lock = try await FileLock.acquire(beside: file)
        guard let session = try await load() else { return nil }
        guard session.needsRefresh(at: now) else { return session }
        let server = try ServerAddress(session.server)
        let connection = try APIConnection(server, trustedCAFile: session.trustedCAFile)
        let answer = try await connection.send(
            .post, "/v1/tokens/refresh", body: ["refresh_token": .string(session.refreshToken)])
        var fresh = try OperatorSession(
            server: server, trustedCAFile: session.trustedCAFile, answer: answer, now: now)
        if fresh.operatorName.isEmpty { fresh.operatorName = session.operatorName }
        try await save(fresh)
        _ = consume lock
        return fresh
    }
}
