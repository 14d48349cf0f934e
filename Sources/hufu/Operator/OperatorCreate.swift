import ActivationClient
import ArgumentParser
import AuditLog

struct OperatorCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an operator (admin).",
        discussion: """
            EXAMPLE
              hufu operator create bob --role issuer --role approver
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The new operator's name.")
    var name: String

    @Option(name: .customLong("role"), help: "admin, issuer, approver or auditor; may be repeated.")
    var roles: [String]

    @Option(help: "File with the new operator's password (12–256 characters); - is standard input.")
    var passwordFile: String?

    func run() async throws {
        let connection = try await server.signedIn()
        let password = try SecretInput.readNew("new operator's password", file: passwordFile)
        let answer = try await connection.send(
            .post, "/v1/operators",
            body: [
                "name": .string(name), "password": .string(password),
                "roles": .array(roles.map { .string($0) }),
            ])
        try server.show(answer, OperatorCommand.columns)
    }
}
