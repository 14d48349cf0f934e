import ActivationClient
import ArgumentParser
import AuditLog

enum BatchFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, ndjson
}

struct CodeIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue the code or codes of an approved application (issuer, admin).",
        discussion: """
            One code is printed, this once. A batch goes to a file that only you can read: it is written and made \
            durable first, and only then are the codes put into force; interrupted, none of them exists. The file \
            has one line a code, index, id and code.

            EXAMPLES
              hufu code issue --application ID
              hufu code issue --application ID --batch --out codes.csv --format csv
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The application's id.")
    var application: String

    @Flag(help: "All codes of the application, into a file.")
    var batch = false

    @Option(help: "The file, which must not exist yet.")
    var out: String?

    @Option(help: "csv or ndjson.")
    var format = BatchFormat.csv

    @Flag(help: "Draw the progress bar even where standard error is no terminal.")
    var forceProgress = false

    func validate() throws {
        guard batch == (out != nil) else { throw ValidationError("--batch and --out FILE belong together") }
    }

    func run() async throws {
        if let out {
            let download = BatchDownload(
                application: application, format: format, file: out, forceProgress: forceProgress,
                server: server)
            return try await download.run()
        }
        let answer = try await server.signedIn().send(
            .post, RequestPath.make("applications", application, "issue"), body: [:])
        guard !server.json else { return print(answer.text) }
        let json = try answer.json()
        print(try json.text("code"))
        standardError("id \(json["code_detail"]?["id"]?.string ?? ""); the code is not shown again")
    }
}
