import ActivationClient
import ArgumentParser
import AuditLog

struct OperatorDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Lock an operator out (admin); --enable lets them in again.",
        discussion: """
            EXAMPLE
              hufu operator disable 0b0e3c1e-2f5a-4f6e-9a43-6a5f0d7d2c11
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The operator's id (hufu operator list).")
    var id: String

    @Flag(help: "The opposite.")
    var enable = false

    func run() async throws {
        let answer = try await server.signedIn().send(
            .patch, RequestPath.make("operators", id), body: ["active": .bool(enable)])
        try server.show(answer, OperatorCommand.columns)
    }
}
