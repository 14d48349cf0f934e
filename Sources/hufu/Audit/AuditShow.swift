import ActivationClient
import ArgumentParser
import AuditLog

struct AuditShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one entry whole (auditor, admin).",
        discussion: "Personal values are shown masked; the entry itself holds only commitments to them.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "Its index in the log, from 0.")
    var index: Int

    func run() async throws {
        let answer = try await server.signedIn().send(
            .get, RequestPath.make("audit", "entries", String(index)))
        guard !server.json else { return print(answer.text) }
        var table = Table()
        Self.add(try answer.json(), name: "", to: &table)
        print(table.text)
    }

    /// One line a value, named by its path; nothing is left out.
    private static func add(_ json: JSON, name: String, to table: inout Table) {
        guard let members = json.object, !members.isEmpty else {
            return table.add([name, json.string ?? json.canonicalText])
        }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            add(value, name: name.isEmpty ? key : "\(name).\(key)", to: &table)
        }
    }
}
