import Foundation
import InsurancePlatform
import Testing

@Suite("The journal's table")
struct JournalTableTests {
    /// The cells of the document's table: state → event → target, `—` where there is none.
    private static func documentedTable() throws -> [String: [String: String]] {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(
            contentsOf: root.appending(path: "docs/formats/settlements.md"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| state ") })
        let rows = lines[start...].prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let events = try #require(rows.first).dropFirst()
        return Dictionary(
            uniqueKeysWithValues: rows.dropFirst(2).map { row in
                (row[0], Dictionary(uniqueKeysWithValues: zip(events, row.dropFirst())))
            })
    }

    @Test("The table in the document is the table in the code")
    func document() throws {
        let documented = try Self.documentedTable()
        #expect(Set(documented.keys) == Set(JournalState.allCases.map(\.rawValue)))
        for state in JournalState.allCases {
            let row = try #require(documented[state.rawValue])
            #expect(Set(row.keys) == Set(JournalEvent.allCases.map(\.rawValue)))
            for event in JournalEvent.allCases {
                let target =
                    event == .reversalVoid && JournalTable.canReturn(state)
                    ? "*" : JournalTable.next(state, event)?.rawValue
                #expect(row[event.rawValue] == target ?? "—", "\(state) × \(event)")
            }
        }
    }

    @Test("Every pair stands at most once, and every state can be reached and left or is known")
    func shape() {
        let pairs = Set(JournalTable.transitions.map { "\($0.from) \($0.event)" })
        #expect(pairs.count == JournalTable.transitions.count)
        let targets = Set(JournalTable.transitions.map(\.to))
        #expect(targets == Set(JournalState.allCases))
        for state in JournalState.allCases where state.isOpen {
            let isLeft = JournalTable.transitions.contains { $0.from == state && !$0.to.isOpen }
            #expect(isLeft, "\(state) would stay open for ever")
        }
    }

    @Test("Nothing but an answer, 5203 or a reversal that was void makes a success")
    func success() {
        let ways = JournalTable.transitions.filter { $0.to == .success }.map { "\($0.from) \($0.event)" }
        #expect(ways.sorted() == ["intent answered", "unknown found"])
        let sent = JournalTable.transitions.filter { $0.to == .intent }.map { "\($0.from) \($0.event)" }
        #expect(sent == ["unsent sendAgain"], "what may have been sent is never sent again")
    }
}
