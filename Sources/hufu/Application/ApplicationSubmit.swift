import ActivationClient
import ArgumentParser
import AuditLog

struct ApplicationSubmit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Apply for one code or many (issuer, admin).",
        discussion: """
            The terms narrow what the policy permits; they never widen it.

            EXAMPLES
              hufu application submit --institution ID --policy hospital --purpose "HIS at the main site"
              hufu application submit --institution ID --policy pharmacy --quantity 5000 \\
                --expires 2027-01-01T00:00:00Z --scope claim.read --ip 10.20.0.0/16 --metadata site=west
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The institution's id.")
    var institution: String

    @Option(help: "The policy's name.")
    var policy: String

    @Option(help: "How many codes.")
    var quantity = 1

    @Option(help: "What for.")
    var purpose: String?

    @Option(help: "Whom to ask.")
    var contactName: String?

    @Option(help: "Their telephone number; shown masked ever after.")
    var contactPhone: String?

    @Option(help: "Their e-mail address; shown masked ever after.")
    var contactEmail: String?

    @OptionGroup(title: "Terms") var terms: ApplicationTerms

    func run() async throws {
        var body: JSON = [
            "institution_id": .string(institution), "policy": .string(policy),
            "quantity": .integer(Int64(quantity)),
        ]
        body["purpose"] = purpose.map { .string($0) }
        var contact: JSON = [:]
        contact["name"] = contactName.map { .string($0) }
        contact["phone"] = contactPhone.map { .string($0) }
        contact["email"] = contactEmail.map { .string($0) }
        if contact != [:] { body["contact"] = contact }
        let terms = try terms.json()
        if terms != [:] { body["terms"] = terms }
        let answer = try await server.signedIn().send(.post, "/v1/applications", body: body)
        try ApplicationCommand.show(answer, server)
    }
}
