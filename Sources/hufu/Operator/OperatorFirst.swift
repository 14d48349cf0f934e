import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct OperatorFirst: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "first",
        abstract: "Make the first operator, with the one-time token that the server printed, and sign in.",
        discussion: """
            The operator gets the role admin. At a terminal the token and a password are asked for; elsewhere they \
            are the first two lines of standard input.

            EXAMPLES
              hufu operator first alice --url https://hufu.example:8443
              hufu operator first alice --token-file token --password-file password
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The operator's name.")
    var name: String

    @Option(help: "File with the one-time token; - is standard input.")
    var tokenFile: String?

    @Option(help: "File with the new password (12–256 characters); - is standard input.")
    var passwordFile: String?

    func run() async throws {
        let connection = try await server.anonymous()
        let token = try SecretInput.read("one-time token", file: tokenFile)
        let password = try SecretInput.readNew("new password", file: passwordFile)
        let answer = try await connection.send(
            .post, "/v1/bootstrap",
            body: ["token": .string(token), "name": .string(name), "password": .string(password)])
        try await OperatorLogin.signIn(name, password, connection, server)
        try server.show(answer, OperatorCommand.columns)
    }
}
