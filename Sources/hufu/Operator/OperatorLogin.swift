import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct OperatorLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in to a server.",
        discussion: """
            The session (tokens, never the password) is kept in a file that only you can read, and is renewed by \
            itself while you use it. There is one session at a time.

            EXAMPLES
              hufu operator login alice --url https://hufu.example:8443
              hufu operator login alice --password-file password
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The operator's name.")
    var name: String

    @Option(help: "File with the password; - is standard input.")
    var passwordFile: String?

    func run() async throws {
        let connection = try await server.anonymous()
        let password = try SecretInput.read("password", file: passwordFile)
        try await Self.signIn(name, password, connection, server)
        var signedIn = connection
        signedIn.token = try await server.sessionFile().load()?.accessToken
        try server.show(try await signedIn.send(.get, "/v1/operators/me"), OperatorCommand.columns)
    }

    static func signIn(
        _ name: String, _ password: String, _ connection: APIConnection, _ server: ServerOptions
    ) async throws {
        let answer = try await connection.send(
            .post, "/v1/tokens", body: ["name": .string(name), "password": .string(password)])
        let file = try server.sessionFile()
        // A relogin without --ca-file goes on trusting what the session trusted.
        let trusted: String?
        if let chosen = server.chosenCAFile {
            trusted = chosen
        } else {
            let previous = try? await file.load()
            trusted = previous?.server == connection.address.text ? previous?.trustedCAFile : nil
        }
        try await file.save(
            OperatorSession(server: connection.address, trustedCAFile: trusted, answer: answer, now: Date()))
    }
}
