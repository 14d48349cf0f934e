import ActivationClient
import ActivationCodes
import ArgumentParser
import AuditLog

struct CodeRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a code for good (issuer, admin).",
        discussion: """
            Reasons (RFC 5280): \(reasons.joined(separator: ", ")).

            EXAMPLE
              hufu code revoke ID --reason key_compromise --comment "laptop stolen"
            """)

    private static let reasons = RevocationReason.allCases.map(\.name)
        .filter { RevocationReason(named: $0) != nil }

    @OptionGroup var server: ServerOptions

    @Argument(help: "The code's id.")
    var id: String

    @Option(help: "Why, as RFC 5280 names it.", completion: .list(reasons))
    var reason: String

    @Option(help: "Why, in words; the log holds a commitment to it, auditors see the text.")
    var comment: String?

    func validate() throws {
        guard RevocationReason(named: reason) != nil else {
            throw ValidationError("--reason must be one of \(Self.reasons.joined(separator: ", "))")
        }
    }

    func run() async throws {
        var body: JSON = ["reason": .string(RevocationReason(named: reason)?.name ?? reason)]
        body["comment"] = comment.map { .string($0) }
        try await CodeCommand.change(id, "revocation", .post, body, server)
    }
}
