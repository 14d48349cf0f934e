import ActivationClient
import ArgumentParser

struct CodeShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what is known of a code (never the code itself).")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    func run() async throws {
        try server.show(
            try await server.signedIn().send(.get, RequestPath.make("codes", id)), CodeCommand.columns)
    }
}
