import ActivationCodes
import Foundation
import Testing

@Suite("Lifecycle")
struct LifecycleTests {
    /// The cells of the document's table: state → event → target, `—` where there is none.
    private static func documentedTable() throws -> [String: [String: String]] {
        let lines = try Repository.document("lifecycle.md").split(separator: "\n")
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

    @Test("the table in the document is the table in the code")
    func document() throws {
        let documented = try Self.documentedTable()
        #expect(Set(documented.keys) == Set(CodeState.allCases.map(\.rawValue)))
        for state in CodeState.allCases {
            let row = try #require(documented[state.rawValue])
            #expect(Set(row.keys) == Set(CodeEvent.allCases.map(\.rawValue)))
            for event in CodeEvent.allCases {
                let target =
                    Lifecycle.canResume(state) && event == .resume
                    ? "*" : Lifecycle.next(state, event)?.rawValue
                #expect(row[event.rawValue] == target ?? "—", "\(state) × \(event)")
            }
        }
    }

    @Test("the document explains every refusal code, and no other")
    func refusals() throws {
        let lines = try Repository.document("lifecycle.md").split(separator: "\n")
        let documented = lines.filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "`").dropFirst().first
        }
        #expect(documented.map(String.init).sorted() == Refusal.Code.allCases.map(\.rawValue).sorted())
    }

    @Test("every pair of state and event stands in the table at most once, and final states have no way out")
    func table() {
        let pairs = Set(Lifecycle.table.map { "\($0.from) \($0.event)" })
        #expect(pairs.count == Lifecycle.table.count)
        for entry in Lifecycle.table {
            #expect(!entry.from.isFinal)
            #expect(Lifecycle.next(entry.from, entry.event) == entry.to)
        }
        #expect(CodeState.allCases.filter(\.isFinal) == [.expired, .revoked])
        #expect(CodeState.allCases.filter(Lifecycle.canResume) == [.suspended])
    }

    @Test("revocation reasons carry RFC 5280's numbers and both spellings")
    func reasons() {
        #expect(RevocationReason.allCases.map(\.code) == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10])
        for reason in RevocationReason.allCases {
            let expected = [.certificateHold, .removeFromCRL].contains(reason) ? nil : reason
            #expect(RevocationReason(named: reason.name) == expected)
            #expect(RevocationReason(named: reason.rawValue) == expected)
        }
        #expect(RevocationReason(named: "key_compromise") == .keyCompromise)
        #expect(RevocationReason(named: "Key_Compromise") == nil)
    }

    @Test("every refusal says in both languages what would cure it", arguments: Refusal.Code.allCases)
    func texts(code: Refusal.Code) {
        #expect(!code.title.isEmpty && !code.title.hasSuffix("."))
        #expect(code.cure.hasSuffix("."))
        #expect(code.cureInChinese.hasSuffix("。"))
    }

    @Test("no two refusals share a title")
    func distinct() {
        #expect(Set(Refusal.Code.allCases.map(\.title)).count == Refusal.Code.allCases.count)
        #expect(Set(Refusal.Code.allCases.map(\.cureInChinese)).count == Refusal.Code.allCases.count)
    }
}
