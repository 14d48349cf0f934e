import ArgumentParser

struct OperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator",
        abstract: "Sign in and out; manage the people who issue, approve and audit.",
        discussion: """
            Roles: admin (everything), issuer (applications, codes), approver (decides on applications), auditor \
            (reads the log).
            """,
        subcommands: [
            OperatorFirst.self, OperatorLogin.self, OperatorLogout.self, OperatorCreate.self,
            OperatorList.self,
            OperatorDisable.self,
        ])

    static let columns: [Column] = ["id", "name", "roles", "active", "created_at"]
}
