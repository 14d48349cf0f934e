import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct AuditTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow the log as it grows (auditor, admin).",
        discussion: """
            One line an entry, until interrupted; --json prints one JSON object a line.

            EXAMPLES
              hufu audit tail
              hufu audit tail --since 1h --outcome refused
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var filter: AuditFilter

    @Option(help: "Begin there: RFC 3339, or so long ago.")
    var since = "1m"

    @Flag(help: "Print what is there, and stop.")
    var once = false

    func run() async throws {
        var since = try AuditCommand.moment(since, option: "--since", now: Date())
        var last = -1
        var expectedSize = 0
        var lastRead = ContinuousClock.now
        while true {
            // Reading entries is itself an entry. The public checkpoint tells whether anything else happened, so
            // that two idle readers don't keep each other busy; once a minute is read anyway.
            let size = try await logSize()
            guard once || size > expectedSize || .now - lastRead > .seconds(60) else {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            lastRead = .now
            expectedSize = size
            let items = try await entries(since: since, reads: &expectedSize)
                .compactMap { item in item["index"]?.integer.map { (index: $0, item: item) } }
                .filter { $0.index > last }
                .sorted { $0.index < $1.index }
            for (index, item) in items {
                show(item)
                last = index
            }
            // Behind a pipe nothing would leave the buffer for a long time.
            fflush(nil)
            if once { return }
            // Entries that commit together may differ a little in time and index; the index decides what is
            // new.
            if let time = items.last?.item["entry"]?["time"]?.string, let at = RFC3339.unixMilliseconds(time)
            {
                since = RFC3339.string(unixMilliseconds: at - 5000)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func logSize() async throws -> Int {
        let note = try SignedNote(parsing: try await server.anonymous().send(.get, "/log/checkpoint").bytes)
        return try Checkpoint(text: note.text).head.size
    }

    /// - Parameter reads: grows by one for each request, as the log does.
    private func entries(since: String, reads: inout Int) async throws -> [JSON] {
        var items: [JSON] = []
        var cursor: String?
        repeat {
            let query = filter.query + [("since", since), ("limit", "500"), ("cursor", cursor)]
            let page = try await server.signedIn().send(
                .get, RequestPath.make("audit", "entries", query: query)
            ).json()
            reads += 1
            items += page["items"]?.array ?? []
            cursor = page["next_cursor"]?.string
        } while cursor != nil
        return items
    }

    private func show(_ item: JSON) {
        guard !server.json else { return print(item.canonicalText) }
        print(
            AuditCommand.columns.map { $0.text(in: item).withoutControls }.filter { !$0.isEmpty }
                .joined(separator: "  "))
    }
}
