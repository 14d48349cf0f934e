import ActivationClient
import ArgumentParser
import AuditLog

struct CodeRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Extend a code by its policy's renewal period (issuer, admin).",
        discussion: "The period starts at the code's present end, not today.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    func run() async throws { try await CodeCommand.change(id, "renewals", .post, [:], server) }
}
