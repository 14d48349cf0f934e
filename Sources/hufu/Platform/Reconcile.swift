import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare a day's settlements with the national platform until the books are equal (admin).",
        discussion: """
            Open money calls are resolved first; differing rows are fetched, what may be reversed is reversed, \
            the rest becomes tasks for a person. It may be repeated at any time.

            EXIT CODES
              0   the books are equal, and nothing is open
              1   they are not
              2   this side can't do it
              3   the server can't be reached, or fails
              64  wrong usage

            EXAMPLES
              hufu reconcile --date 2026-11-20
              hufu reconcile --date 2026-11-20 --show
              hufu reconcile --date 2026-11-20 --json
            """)

    /// Some hundred thousand rows take their time.
    private static let patience = Duration.seconds(600)

    @OptionGroup var server: ServerOptions

    @Option(help: "The day in China, yyyy-MM-dd.")
    var date: String

    @Flag(help: "Only show what the latest run came to.")
    var show = false

    func validate() throws {
        guard date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
            throw ValidationError("--date is a day such as 2026-11-20")
        }
    }

    func run() async throws {
        var connection = try await server.signedIn()
        connection.timeout = Self.patience
        let answer =
            show
            ? try await connection.send(.get, RequestPath.make("platform", "reconciliations", date))
            : try await connection.send(
                .post, RequestPath.make("platform", "reconciliations"), body: ["date": .string(date)])
        let report = try answer.json()
        print(server.json ? answer.text : Self.text(report))
        guard report["equal"]?.bool == true else {
            throw CommandFailure(.refused, "the books are not equal")
        }
    }

    private static func text(_ report: JSON) -> String {
        let columns: [Column] = [
            "fixmedins_code", "insutype", "clr_type", "result", "count", "medfee_sumamt", "fund_pay_sumamt",
            "acct_pay", "differences", "reversed", "open", "reason",
        ]
        var lines = [table(report["statements"]?.array ?? [], columns)]
        if report["statements"]?.array?.isEmpty != false { lines = ["nobody settled on this day"] }
        let tasks = report["tasks"]?.array ?? []
        if !tasks.isEmpty {
            lines.append("\nleft for a person (POST /v1/platform/tasks/ID/resolution):")
            lines.append(table(tasks, ["id", "kind", "msgid", "setl_id", "mdtrt_id", "created_at"]))
        }
        if report["equal"]?.bool == true { lines.append("the books are equal") }
        return lines.joined(separator: "\n")
    }

    private static func table(_ items: [JSON], _ columns: [Column]) -> String {
        var table = Table(head: columns.map { $0.title.uppercased() })
        for item in items { table.add(columns.map { $0.text(in: item) }) }
        return table.text
    }
}
