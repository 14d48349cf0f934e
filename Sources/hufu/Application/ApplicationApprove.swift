import ArgumentParser

struct ApplicationApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve an application (approver, admin).",
        discussion: """
            EXAMPLE
              hufu application approve ID --comment "contract checked"
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The application's id.")
    var id: String

    @Option(help: "Why, in words; the log holds a commitment to it, auditors see the text.")
    var comment: String?

    func run() async throws {
        try await ApplicationCommand.decide("approve", id, comment, server)
    }
}
