import ActivationClient
import ArgumentParser

struct InstitutionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the institutions.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    func run() async throws {
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("institutions", query: page.query))
        try server.list(answer, InstitutionCommand.columns)
    }
}
