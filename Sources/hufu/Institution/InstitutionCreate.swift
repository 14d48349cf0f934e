import ActivationClient
import ArgumentParser
import AuditLog

struct InstitutionCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Enter an institution (admin, issuer).",
        discussion: """
            EXAMPLE
              hufu institution create 市第一人民医院 --kind hospital --region 330100
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "Its name.")
    var name: String

    @Option(help: "hospital, pharmacy, vendor, authority or other.")
    var kind: String

    @Option(help: "Six-digit administrative division, such as 330100.")
    var region: String?

    func run() async throws {
        var body: JSON = ["name": .string(name), "kind": .string(kind)]
        body["region"] = region.map { .string($0) }
        let answer = try await server.signedIn().send(.post, "/v1/institutions", body: body)
        try server.show(answer, InstitutionCommand.columns)
    }
}
