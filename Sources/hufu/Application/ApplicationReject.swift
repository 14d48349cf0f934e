import ArgumentParser

struct ApplicationReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject an application (approver, admin).",
        discussion: """
            EXAMPLE
              hufu application reject ID --comment "contract has ended"
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The application's id.")
    var id: String

    @Option(help: "Why, in words; the log holds a commitment to it, auditors see the text.")
    var comment: String?

    func run() async throws {
        try await ApplicationCommand.decide("reject", id, comment, server)
    }
}
