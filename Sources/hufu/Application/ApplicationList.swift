import ActivationClient
import ArgumentParser

struct ApplicationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the applications.",
        discussion: """
            EXAMPLE
              hufu application list --state submitted
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    @Option(help: "submitted, approved, rejected or issued.")
    var state: String?

    func run() async throws {
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("applications", query: page.query + [("state", state)]))
        try server.list(
            answer, ["id", "state", "policy", "quantity", "institution_id", "purpose", "created_at"])
    }
}
