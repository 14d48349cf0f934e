import ActivationClient
import ArgumentParser

struct PolicyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a policy, or an older version of it.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "Its name.")
    var name: String

    @Option(name: .customLong("policy-version"), help: "Default: the newest.")
    var version: Int?

    func run() async throws {
        let path =
            version.map { RequestPath.make("policies", name, "versions", String($0)) }
            ?? RequestPath.make("policies", name)
        try server.show(try await server.signedIn().send(.get, path), PolicyCommand.columns)
    }
}
