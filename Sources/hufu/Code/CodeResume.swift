import ActivationClient
import ArgumentParser
import AuditLog

struct CodeResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End the suspension of a code (issuer, admin).")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    func run() async throws {
        try await CodeCommand.change(id, "suspension", .delete, [:], server)
    }
}
