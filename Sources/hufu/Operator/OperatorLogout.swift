import ActivationClient
import ArgumentParser
import AuditLog

struct OperatorLogout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End the session, at the server and here.",
        discussion: "The session's file is removed even where the server can't be reached (exit code 3 then)."
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let file = try server.sessionFile()
        guard let session = try await file.load() else { return standardError("nobody is signed in") }
        let address = try ServerAddress(session.server)
        let connection = try APIConnection(
            address, trustedCAFile: server.chosenCAFile ?? session.trustedCAFile)
        try await file.remove()
        _ = try await connection.send(
            .post, "/v1/tokens/revoke", body: ["refresh_token": .string(session.refreshToken)])
        standardError("signed out of \(address)")
    }
}
