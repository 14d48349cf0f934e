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

    /// One line a value, named by its path; nothing is left out. Objects in a list are numbered from 0, other lists
    /// are one value.
    private static func add(_ json: JSON, name: String, to table: inout Table) {
        let members: [(name: String, value: JSON)] =
            if let object = json.object {
                object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            } else if let list = json.array, list.contains(where: { $0.object != nil }) {
                list.enumerated().map { ("\($0.offset)", $0.element) }
            } else {
                []
            }
        guard !members.isEmpty else { return table.add([name, json.string ?? json.canonicalText]) }
        for member in members {
            add(member.value, name: name.isEmpty ? member.name : "\(name).\(member.name)", to: &table)
        }
    }
}
