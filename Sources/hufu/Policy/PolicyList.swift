import ActivationClient
import ArgumentParser

struct PolicyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the policies.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    func run() async throws {
        let answer = try await server.signedIn().send(.get, RequestPath.make("policies", query: page.query))
        try server.list(
            answer,
            [
                "name", "version", "duration", "usage_limit", "device_limit", "approvals", "scopes",
                "reference",
            ])
    }
}
