import ActivationClient
import ArgumentParser

struct CodeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List codes.",
        discussion: """
            EXAMPLES
              hufu code list --state bound --policy hospital
              hufu code list --batch ID --limit 500 --json
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions

    @Option(help: "pending, active, bound, exhausted, suspended, expired or revoked.")
    var state: String?

    @Option(help: "An institution's id.")
    var institution: String?

    @Option(help: "An application's id.")
    var application: String?

    @Option(help: "A batch's id.")
    var batch: String?

    @Option(help: "A policy's name.")
    var policy: String?

    func run() async throws {
        let filters = [
            ("state", state), ("institution_id", institution), ("application_id", application),
            ("batch_id", batch),
            ("policy", policy),
        ]
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("codes", query: page.query + filters))
        try server.list(
            answer, ["index", "id", "state", "policy", "used_count", "usage_limit", "devices", "expires_at"])
    }
}
