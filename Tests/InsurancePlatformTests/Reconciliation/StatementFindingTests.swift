import InsurancePlatform
import Testing

@Suite("A differing row")
struct StatementFindingTests {
    private func entry(_ state: JournalState, infno: String = "2207", changedAt: Int64 = 10) -> JournalEntry {
        JournalEntry(
            msgid: "M1", infno: infno, fixmedinsCode: "H", institution: "i", date: "2026-11-20", sentAt: 1,
            stored: JournalEntry.Stored(
                state: state, reversedFrom: state == .reversing ? .success : nil, changedAt: changedAt,
                reversalMsgid: nil, reversalAt: nil))
    }

    private func finding(_ result: StatementDifference.Result, _ entry: JournalEntry?) -> StatementFinding {
        StatementFinding(
            StatementDifference(
                psnNo: "P", mdtrtID: "V", setlID: "S", msgid: "M1", stmtRslt: result.rawValue),
            entry, readAt: 100)
    }

    @Test("What only the platform has is taken back where the journal says that it isn't there")
    func reverses() {
        for state in [JournalState.unsent, .fail, .reversed] {
            #expect(finding(.onlyPlatform, entry(state)) == .reverse)
            #expect(finding(.onlyPlatform, entry(state, infno: "2201")) == .task(.onlyThere))
        }
        #expect(finding(.onlyPlatform, nil) == .task(.onlyThere))
    }

    @Test("What the journal counts is never taken back by a machine")
    func counted() {
        #expect(finding(.onlyInstitution, entry(.success)) == .task(.onlyHere))
        #expect(finding(.amountsDiffer, entry(.success)) == .task(.amountsDiffer))
    }

    @Test("What is open, and what changed since the rows were read, is left alone")
    func open() {
        for state in [JournalState.intent, .unknown, .reversing] {
            #expect(finding(.onlyPlatform, entry(state)) == .nothing)
        }
        for state in JournalState.allCases {
            #expect(finding(.onlyPlatform, entry(state, changedAt: 100)) == .nothing)
        }
        #expect(finding(.agrees, entry(.success)) == .nothing)
    }
}
