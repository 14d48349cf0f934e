import ActivationClient
import ArgumentParser
import Foundation

struct AuditSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find entries (auditor, admin).",
        discussion: """
            EXAMPLES
              hufu audit search --outcome refused --since 24h
              hufu audit search --subject ID --json
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var page: ListOptions
    @OptionGroup var filter: AuditFilter

    @Option(help: "Not before: RFC 3339, or so long ago (24h).")
    var since: String?

    @Option(help: "Not after: RFC 3339, or so long ago.")
    var until: String?

    func run() async throws {
        let now = Date()
        let window = [
            ("since", try since.map { try AuditCommand.moment($0, option: "--since", now: now) }),
            ("until", try until.map { try AuditCommand.moment($0, option: "--until", now: now) }),
        ]
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("audit", "entries", query: page.query + filter.query + window))
        try server.list(answer, AuditCommand.columns)
    }
}
