import ActivationClient
import ArgumentParser

struct ApplicationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an application and who decided on it.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The application's id.")
    var id: String

    func run() async throws {
        let answer = try await server.signedIn().send(.get, RequestPath.make("applications", id))
        try ApplicationCommand.show(answer, server)
    }
}
