import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

/// The platform refuses 5203 or 2601, and nobody here knows why.
@Suite("Refused recovery", .timeLimit(.minutes(10)))
struct RefusedRecoveryTests {
    /// Which call is lost and how, what is refused while it is looked for, where that leaves it, and what it
    /// becomes once the platform answers again.
    struct Case: Sendable, CustomTestStringConvertible {
        /// 2601 reverses a settlement that was made.
        var infno: String
        var lost: PlatformTrouble
        var refused: Set<String>
        var meanwhile: JournalState
        var later: JournalState

        var testDescription: String {
            "\(infno) \(lost), refused \(refused.sorted()): \(meanwhile), then \(later)"
        }
    }

    private static let cases: [Case] = [
        both("2207", .lostAfter, .unknown, .success), both("2207", .lostBefore, .unknown, .fail),
        // By msgid, so it is exact.
        only("5203", "2207", .lostAfter, .reversed, .reversed),
        only("5203", "2207", .lostBefore, .unknown, .fail),
        // 5203 answers that there is none, and 2601 has nothing to add.
        only("2601", "2207", .lostBefore, .fail, .fail),
        only("2601", "2401", .lostAfter, .unknown, .unknown),
        only("5203", "2601", .lostAfter, .reversing, .reversed),
        only("5203", "2601", .lostBefore, .reversing, .success),
    ]

    private static func both(
        _ infno: String, _ lost: PlatformTrouble, _ meanwhile: JournalState, _ later: JournalState
    ) -> Case {
        Case(infno: infno, lost: lost, refused: ["5203", "2601"], meanwhile: meanwhile, later: later)
    }

    private static func only(
        _ refused: String, _ infno: String, _ lost: PlatformTrouble, _ meanwhile: JournalState,
        _ later: JournalState
    ) -> Case {
        Case(infno: infno, lost: lost, refused: [refused], meanwhile: meanwhile, later: later)
    }

    @Test(
        "A refusal concludes nothing: a person is asked, and an answer that comes later counts",
        arguments: cases)
    func concludesNothing(_ given: Case) async throws {
        try await SettlementStage.run { stage in
            let call = given.infno == "2401" ? stage.registration() : stage.settlement(visit: "V1")
            stage.platform.script(given.infno, given.lost)
            try await stage.carry(call)
            if given.infno == "2601" { try await stage.carry(stage.reversal(of: call)) }
            stage.platform.refuse(given.refused)
            try await stage.resolveAll(within: 1_200)
            #expect(try await stage.state(call) == given.meanwhile)
            #expect(stage.platform.troubles[.refused] ?? 0 > 0)
            let open = try await stage.authority.platformTasks(.open, Page())
            #expect(open.map(\.kind) == (given.meanwhile.isOpen ? [.undecided] : []))
            let reversals = try await stage.events(call.msgid).count { $0.contains("reversal_intended") }
            #expect(reversals == 1, "a refused reversal is not sent again and again")

            stage.platform.refuse([])
            try await stage.resolveAll(within: 1_200)
            #expect(try await stage.state(call) == given.later)
            let left = try await stage.authority.platformTasks(.open, Page())
            #expect(left.map(\.kind) == (given.later.isOpen ? [.undecided] : []))
            #expect(await stage.ledger.arrivals[call.msgid] ?? 0 <= 1)
        }
    }

    @Test("Where every call needs a sign-in, what is lost is found under the operator's next one")
    func signIns() async throws {
        try await SettlementStage.run { stage in
            let call = try await lost(.lostAfter, signedIn: "A", stage)
            await stage.ledger.signIn([])
            try await stage.resolveAll(within: 1_200)
            #expect(try await stage.state(call) == .unknown)

            await stage.ledger.signIn(["B"])
            let signIn = SignIn(opterNo: call.sender.id, mac: "", ip: "")
            let answer = SignIn.Answer(signTime: "", signNo: "B").output
            stage.signIns.note(
                PlatformCall(signIn, msgid: stage.newMessageID(), sender: call.sender),
                PlatformAnswer(infcode: 0, refMessageID: "", output: answer))
            try await stage.resolveAll(within: 1_200)
            #expect(try await stage.state(call) == .success)
            #expect(try await stage.carry(call).setlID == "S00000001")
        }
    }

    @Test("2601 goes under the sign-in under which 5203 was answered")
    func sameSignIn() async throws {
        try await SettlementStage.run { stage in
            let call = try await lost(.lostBefore, signedIn: "A", stage)
            try await stage.resolveAll()
            #expect(try await stage.state(call) == .fail)
            #expect(await stage.ledger.counts["2601"] == 1)
        }
    }

    /// A settlement under the one sign-in that counts, whose answer is lost.
    private func lost(
        _ trouble: PlatformTrouble, signedIn signNo: String, _ stage: SettlementStage
    ) async throws -> PlatformCall {
        await stage.ledger.signIn([signNo])
        var call = stage.settlement(visit: "V1")
        call.signNo = signNo
        stage.platform.script("2207", trouble)
        try await stage.carry(call)
        return call
    }
}
