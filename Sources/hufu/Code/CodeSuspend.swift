import ActivationClient
import ArgumentParser
import AuditLog

struct CodeSuspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Stop a code for the time being (issuer, admin).")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    @Option(help: "Why, in words; the log holds a commitment to it, auditors see the text.")
    var comment: String?

    func run() async throws {
        var body: JSON = [:]
        body["comment"] = comment.map { .string($0) }
        try await CodeCommand.change(id, "suspension", .post, body, server)
    }
}
