import ActivationClient
import ArgumentParser

struct OperatorList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the operators (admin, auditor).")

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    func run() async throws {
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("operators", query: page.query))
        try server.list(answer, OperatorCommand.columns)
    }
}
