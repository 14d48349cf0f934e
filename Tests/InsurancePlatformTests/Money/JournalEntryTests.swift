import InsurancePlatform
import Testing

@Suite("A money call in the journal")
struct JournalEntryTests {
    private func entry(_ infno: String = "2207") -> JournalEntry {
        JournalEntry(
            msgid: "M1", infno: infno, fixmedinsCode: "H33010200001", institution: "i", date: "2026-11-20",
            at: 1_000)
    }

    private func info(cents: Int64 = 10_000) -> SettlementInfo {
        var info = SettlementInfo(
            mdtrtID: "V1", setlID: "S1", setlTime: "2026-11-21 00:00:01", medinsSetlID: "M1",
            medfeeSumamt: ExactDecimal(cents: cents), fundPaySumamt: ExactDecimal(cents: 7_000),
            acctPay: .zero, psnCashPay: ExactDecimal(cents: 3_000))
        info.clrType = "11"
        return info
    }

    private func answer(_ infcode: Int, _ output: ExactJSON = .null) -> Result<
        PlatformAnswer, PlatformFailure
    > {
        .success(PlatformAnswer(infcode: infcode, refMessageID: "R", output: output))
    }

    @Test("An answer is read into the amounts and the platform's own day")
    func answered() throws {
        var entry = entry()
        try entry.learn(answer(0, SettlementAnswer(info: info()).output), at: 2_000)
        #expect(entry.state == .success && entry.setlID == "S1" && entry.clrType == "11")
        #expect(entry.date == "2026-11-21")
        #expect(entry.amounts == SettlementAmounts(total: 10_000, fund: 7_000, account: 0, cash: 3_000))
    }

    @Test("What may have been carried out is unknown: silence, -1, a success that can't be read")
    func unknown() throws {
        let results: [Result<PlatformAnswer, PlatformFailure>] = [
            .failure(.unknown(.timeout, detail: "")), answer(-1), answer(0), answer(0, ["setlinfo": [:]]),
        ]
        for result in results {
            var entry = entry()
            try entry.learn(result, at: 2_000)
            #expect(entry.state == .unknown && entry.reason != nil)
            #expect(entry.amounts == .zero)
        }
    }

    @Test("What is certain is certain: a refusal, and what was never sent")
    func certain() throws {
        var refused = entry()
        try refused.learn(answer(801), at: 2_000)
        #expect(refused.state == .fail && refused.infcode == 801)
        var unsent = entry()
        try unsent.learn(.failure(.notSent(.circuitOpen, detail: "")), at: 2_000)
        #expect(unsent.state == .unsent && unsent.reason == "circuit_open")
        try unsent.take(.sendAgain, at: 3_000)
        #expect(unsent.state == .intent && unsent.sentAt == 3_000 && unsent.reason == nil)
    }

    @Test(
        "A refund counts negative whichever sign the platform gives", arguments: [10_000, -10_000] as [Int64])
    func refund(cents: Int64) throws {
        var entry = entry("2208")
        try entry.learn(answer(0, SettlementAnswer(info: info(cents: cents)).output), at: 2_000)
        #expect(entry.amounts.total == -10_000 && entry.amounts.fund == -7_000)
    }

    @Test("A reversal that was void leads back to where it began, from every state that has one")
    func void() throws {
        for start in JournalState.allCases where JournalTable.next(start, .reversalBegins) != nil {
            var entry = JournalEntry(
                msgid: "M", infno: "2207", fixmedinsCode: "H", institution: "i", date: "2026-11-20",
                sentAt: 1,
                stored: JournalEntry.Stored(
                    state: start, reversedFrom: nil, changedAt: 1, reversalMsgid: nil, reversalAt: nil))
            try entry.beginReversal(msgid: "R1", at: 5)
            #expect(entry.state == .reversing && entry.reversalMsgid == "R1" && entry.reversalAt == 5)
            try entry.learnReversal(.failure(.unknown(.timeout, detail: "")), at: 6)
            #expect(entry.state == .reversing)
            try entry.learnReversal(answer(-1), at: 6)
            #expect(entry.state == .reversing)
            var accepted = entry
            try accepted.learnReversal(answer(0), at: 7)
            #expect(accepted.state == .reversed)
            try entry.learnReversal(answer(12), at: 7)
            #expect(entry.state == start && entry.reversedFrom == nil)
        }
    }

    @Test("Every step that the table doesn't have is refused and changes nothing")
    func illegal() {
        for state in JournalState.allCases {
            for event in JournalEvent.allCases where JournalTable.next(state, event) == nil {
                var entry = JournalEntry(
                    msgid: "M", infno: "2207", fixmedinsCode: "H", institution: "i", date: "2026-11-20",
                    sentAt: 1,
                    stored: JournalEntry.Stored(
                        state: state, reversedFrom: nil, changedAt: 1, reversalMsgid: nil, reversalAt: nil))
                let before = entry
                #expect(throws: JournalEntry.IllegalStep.self) { try entry.take(event, at: 2) }
                #expect(entry == before)
            }
        }
        var query = entry("1101")
        #expect(throws: JournalEntry.IllegalStep.self) { try query.beginReversal(msgid: "R", at: 1) }
    }

    @Test("2601 reverses exactly what section G lists", arguments: ["2102", "2103", "2207", "2208", "2304A"])
    func reversible(infno: String) {
        #expect(MoneyRules.isReversible(infno) && MoneyRules.isSettlement(infno))
        #expect(MoneyRules.isJournalled(infno))
        #expect(MoneyRules.isReversible("2401") && !MoneyRules.isSettlement("2401"))
        for other in ["1101", "2201", "2204", "2206", "3201", "5203", "2601", "9101"] {
            #expect(!MoneyRules.isReversible(other))
            #expect(MoneyRules.isJournalled(other) == (other == "2601"))
        }
        #expect(Reversal.reversible.allSatisfy { MoneyRules.isReversible($0) })
    }

    @Test("5203 is evidence only by the call's own msgid")
    func evidence() {
        var anonymous = info()
        anonymous.medinsSetlID = ""
        var other = info()
        other.medinsSetlID = "M2"
        func evidence(_ settlements: [SettlementInfo]) -> SettlementEvidence {
            SettlementEvidence(SettlementQuery.Answer(settlements: settlements), msgid: "M1")
        }
        #expect(evidence([]) == .absent)
        #expect(evidence([other]) == .absent)
        #expect(evidence([other, anonymous]) == .unclear)
        #expect(evidence([other, anonymous, info()]) == .found(info()))
    }

    @Test("Pauses double up to their limit, and end when silence begins to count")
    func schedule() {
        let schedule = RecoverySchedule(firstPause: 1_000, longestPause: 60_000, quiet: 330_000)
        let late = (0...8).map { schedule.next(attempts: $0, silentFrom: 0, now: 5_000) - 5_000 }
        #expect(late == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
        #expect(schedule.next(attempts: 8, silentFrom: 10_000, now: 5_000) == 10_000)
        #expect(schedule.next(attempts: 1_000, silentFrom: 0, now: 0) == 60_000)
    }

    @Test("Silence counts later at a site whose calls, or whose window, take longer")
    func quiet() {
        #expect(RecoverySchedule(window: .seconds(300), call: .seconds(30)) == .standard)
        #expect(RecoverySchedule(window: .seconds(180), call: .seconds(170)).quiet == 520_000)
    }

    @Test(
        "Cents are written as amounts",
        arguments: zip([0, 5, -5, 123, -12_345], ["0.00", "0.05", "-0.05", "1.23", "-123.45"]))
    func text(cents: Int64, text: String) {
        #expect(SettlementAmounts.text(cents) == text)
    }
}
