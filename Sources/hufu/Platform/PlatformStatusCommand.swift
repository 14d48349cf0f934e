import ActivationClient
import ArgumentParser
import AuditLog

struct PlatformStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How it stands with the server's token for the platform.",
        discussion: """
            The state is fresh, due (about to be renewed), expired, or missing. Ends with 1 where somebody has to \
            log in.
            """)

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.signedIn().send(.get, "/v1/platform/login")
        try server.show(answer, PlatformCommand.columns)
        let standing = try answer.json()
        let isMissing = standing["state"]?.string == "missing" && standing["legacy"]?.bool != true
        guard !isMissing, standing["last_failure"]?["code"]?.string != "login_needed" else {
            throw CommandFailure(.refused, "refused: login_needed\n  cure: hufu platform login")
        }
    }
}
