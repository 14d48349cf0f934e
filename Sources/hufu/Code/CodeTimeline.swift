import ActivationClient
import ArgumentParser

struct CodeTimeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Everything that happened to a code, as it stands in the log.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    @Argument(help: "The code's id.")
    var id: String

    func run() async throws {
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("codes", id, "timeline", query: page.query))
        try server.list(answer, AuditCommand.columns)
    }
}
