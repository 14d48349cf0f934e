import HufuServer
import InsurancePlatform
import PlatformSimulator
import Storage
import Testing

@Suite("Money calls to the sandbox", .timeLimit(.minutes(10)))
struct SandboxSettlementTests {
    /// Each strikes about every eighth money call; the recovery and the statements meet some of them too.
    private static let faults: [Fault] =
        [Fault.Kind.dropAfterCommit, .dropBeforeCommit, .http5xx, .halfBody, .duplicate].flatMap {
            [
                Fault($0, callClass: "money", probability: 0.12),
                Fault($0, callClass: "recovery", probability: 0.05),
            ]
        } + [
            Fault(.http5xx, callClass: "money", probability: 0.08, afterCommit: true),
            Fault(.delay, callClass: "money", probability: 0.04, milliseconds: 8_000, afterCommit: false),
            Fault(.infcodeType, probability: 0.3), Fault(.outputString, probability: 0.3),
        ]

    @Test("Through all its faults ledger and journal agree to the cent, and the day is equal")
    func faults() async throws {
        try await SandboxStage.run { stage in
            let people = try await stage.sandbox.persons().filter { $0.isInsured }
            var requests: [SettlementRequest] = []
            for number in 0..<60 {
                let person = people[number % people.count]
                requests.append(try await stage.visit(person, cents: Int64(101 + number * 77)))
            }
            try stage.sandbox.setFaults(Self.faults)
            let replies = try await withThrowingTaskGroup(of: SettlementReply.self) { group in
                for request in requests {
                    group.addTask { try await settle(stage, request) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(replies.map(\.outcome.name)).isSuperset(of: ["settled", "unknown"]))
            try await stage.resolveAll()
            try stage.sandbox.setFaults([])
            try await agree(stage)
            // A line without faults refuses what is settled already, and tells what became of the others.
            for reply in replies where reply.outcome.name == "unknown" {
                let known = try await stage.desk.settlements.reply(
                    msgid: reply.msgid, institution: SandboxStage.institution)
                #expect(known?.outcome.name != "unknown")
            }
        }
    }

    @Test("A refund and a reversal stand in both books alike")
    func takenBack() async throws {
        try await SandboxStage.run { stage in
            let person = try #require(try await stage.sandbox.persons().first { $0.isInsured })
            var settled: [(call: PlatformCall, info: SettlementInfo)] = []
            for cents in [1_000, 2_000, 3_000] as [Int64] {
                let call = stage.call(Settlement(try await stage.visit(person, cents: cents)))
                guard case .settled(let answer) = try await stage.carry(call).outcome else {
                    Issue.record("not settled")
                    return
                }
                settled.append((call, try Settlement.answer(from: answer.output).info))
            }
            let refund = stage.call(
                SettlementCancel(
                    setlID: settled[0].info.setlID, mdtrtID: settled[0].info.mdtrtID, psnNo: person.psnNo))
            #expect(try await stage.carry(refund).outcome.name == "settled")
            let reversal = stage.call(
                Reversal(psnNo: person.psnNo, omsgid: settled[1].call.msgid, oinfno: "2207"))
            #expect(try await stage.carry(reversal).outcome.name == "settled")
            try await agree(stage)
            let confirmed = try await stage.store.read { [msgid = settled[1].call.msgid] in
                try $0.settlement(msgid: msgid)?.entry.confirmedAt
            }
            #expect(confirmed != nil)
        }
    }

    @Test(
        "An operator who signs out while an answer is lost leaves the books alike",
        arguments: [
            (Fault.Kind.dropAfterCommit, JournalState.success), (.dropBeforeCommit, .fail),
        ])
    func signedOut(lost: Fault.Kind, ending: JournalState) async throws {
        try await SandboxStage.run { stage in
            let person = try #require(try await stage.sandbox.persons().first { $0.isInsured })
            let request = try await stage.visit(person, cents: 4_321)
            let signIn = SignIn(opterNo: SandboxStage.sender.id, mac: "", ip: "")
            let signNo = try await stage.platform.carry(stage.call(signIn)).content(of: SignIn.self).signNo
            try stage.sandbox.setFaults([Fault(lost, infno: "2207", count: 1)])
            let call = stage.call(Settlement(request), signNo: signNo)
            #expect(try await stage.carry(call).outcome.name == "unknown")
            let signOut = SignOut(signNo: signNo, opterNo: SandboxStage.sender.id)
            _ = try await stage.platform.carry(stage.call(signOut)).content(of: SignOut.self)
            try await stage.resolveAll()
            let entry = try await stage.store.read { try $0.settlement(msgid: call.msgid)?.entry }
            #expect(entry?.state == ending)
            try await agree(stage)
        }
    }

    private func settle(
        _ stage: SandboxStage, _ request: SettlementRequest
    ) async throws -> SettlementReply {
        let call = stage.call(Settlement(request))
        var reply = try await stage.carry(call)
        for _ in 0..<20 where reply.outcome.name == "not_carried_out" {
            try await Task.sleep(for: .milliseconds(250))
            reply = try await stage.carry(call)
        }
        return reply
    }

    private func agree(_ stage: SandboxStage) async throws {
        var report = try await stage.desk.reconciliation.run(date: stage.date, by: try caller())
        for _ in 0..<5 where !report.isEqual {
            try await stage.resolveAll()
            report = try await stage.desk.reconciliation.run(date: stage.date, by: try caller())
        }
        #expect(report.isEqual, "\(report)")
        for finding in try await stage.sandbox.checkLedger() {
            #expect(finding.holds, "\(finding.name): \(finding.violations)")
        }
        let rows = try await stage.sandbox.ledgerSettlements().filter { !$0.isReversed }
        var counted: [JournalEntry] = []
        let groups = try await stage.store.read { [code = stage.code, date = stage.date] in
            try $0.statementTotals(fixmedinsCode: code, date: date)
        }
        for key in groups.keys {
            counted += try await stage.store.read { try $0.countedSettlements(key).map(\.entry) }
        }
        #expect(Set(counted.map(\.msgid)) == Set(rows.map(\.msgid)))
        for row in rows {
            let amounts = counted.first { $0.msgid == row.msgid }?.amounts
            #expect(amounts?.total == row.medfee.cents && amounts?.fund == row.fund.cents)
            #expect(amounts?.account == row.account.cents && amounts?.cash == row.cash.cents)
        }
    }

    private func caller() throws -> Call {
        Call(caller: .system, door: "system", requestID: "test", traceID: String(repeating: "0", count: 32))
    }
}
