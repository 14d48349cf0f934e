import ActivationClient
import ArgumentParser
import AuditLog

struct CodeResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End the suspension of a code (issuer, admin).")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    @Option(help: "Why; it stands in the log.")
    var comment: String?

    func run() async throws {
        var body: JSON = [:]
        body["comment"] = comment.map { .string($0) }
        try await CodeCommand.change(id, "suspension", .delete, body, server)
    }
}
