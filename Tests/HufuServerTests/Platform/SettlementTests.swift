import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("Money calls", .timeLimit(.minutes(10)))
struct SettlementTests {
    @Test("A settlement is written down before it is sent and after it is answered, each with its entry")
    func settles() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            let reply = try await stage.carry(call)
            #expect(reply.setlID == "S00000001" && !reply.isReplay)
            #expect(reply.link == "/v1/settlements/\(call.msgid)")
            let entry = try #require(try await stage.entry(call.msgid))
            #expect(entry.state == .success && entry.infcode == 0 && entry.mdtrtID == "V1")
            #expect(entry.amounts == SettlementAmounts(total: 12_345, fund: 8_642, account: 10, cash: 3_693))
            #expect(entry.insutype == "310" && entry.clrType == "11" && entry.date == stage.date)
            let events = try await stage.events(call.msgid)
            #expect(events == ["settlement.intended success", "settlement.settled success"])
        }
    }

    @Test("What the platform refuses has failed, and a repetition gets the same refusal")
    func refused() async throws {
        try await SettlementStage.run { stage in
            try await stage.carry(stage.settlement(visit: "V1"))
            let call = stage.settlement(visit: "V1")
            for isReplay in [false, true] {
                let reply = try await stage.carry(call)
                guard case .refused(let answer) = reply.outcome else {
                    Issue.record("\(reply.outcome)")
                    return
                }
                #expect(answer.infcode == 12 && answer.message == "the visit is settled")
                #expect(reply.isReplay == isReplay)
            }
            #expect(try await stage.state(call) == .fail)
            #expect(await stage.ledger.arrivals[call.msgid] == 1)
        }
    }

    @Test("The same msgid, or the same key, gets what is recorded and sends nothing")
    func replays() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            let first = try await stage.carry(call, key: "k1")
            let again = try await stage.carry(call, key: "k1")
            let renamed = try await stage.carry(stage.settlement(visit: "V1"), key: "k1")
            #expect(again.outcome == first.outcome && again.isReplay)
            #expect(renamed.outcome == first.outcome && renamed.isReplay && renamed.msgid == call.msgid)
            #expect(await stage.ledger.counts["2207"] == 1)
        }
    }

    @Test("A key or a msgid that stands for something else is refused")
    func reused() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call, key: "k1")
            await #expect(throws: InputError.idempotencyKeyReused) {
                try await stage.carry(stage.settlement(visit: "V2"), key: "k1")
            }
            let problem = await #expect(throws: Problem.self) {
                try await stage.carry(stage.settlement(visit: "V2", msgid: call.msgid))
            }
            #expect(problem?.code == "msgid_reused" && problem?.status == 409)
            // Another institution's key is its own; its msgid isn't.
            let other = try await stage.carry(
                stage.settlement(visit: "V3"), key: "k1", institution: UUID())
            #expect(other.setlID != nil)
            await #expect(throws: Problem.self) { try await stage.carry(call, institution: UUID()) }
        }
    }

    @Test("A hundred callers with the same call at once settle once")
    func concurrently() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            let replies = try await withThrowingTaskGroup(of: SettlementReply.self) { group in
                for number in 0..<100 {
                    // Half of them under new identifiers, by the key alone.
                    let same = number % 2 == 0 ? call : stage.settlement(visit: "V1")
                    group.addTask { try await stage.carry(same, key: "k1") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(replies.map(\.outcome)).count == 1)
            #expect(replies.filter { !$0.isReplay }.count == 1)
            #expect(await stage.ledger.counts["2207"] == 1)
        }
    }

    @Test("What was never sent may be sent again, under the same msgid or the same key")
    func unsent() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .notSent, .notSent)
            let call = stage.settlement(visit: "V1")
            #expect(try await stage.carry(call, key: "k1").outcome == .notCarriedOut(reason: "unreachable"))
            #expect(try await stage.state(call) == .unsent)
            let renamed = stage.settlement(visit: "V1")
            #expect(
                try await stage.carry(renamed, key: "k1").outcome == .notCarriedOut(reason: "unreachable"))
            let reply = try await stage.carry(renamed, key: "k1")
            #expect(reply.setlID != nil && !reply.isReplay)
            #expect(try await stage.carry(call).outcome.name == "refused")
            #expect(await stage.ledger.live.count == 1)
        }
    }

    @Test("While a visit's money call is open no other of it is sent")
    func unresolved() async throws {
        try await SettlementStage.run { stage in
            stage.platform.script("2207", .lostAfter)
            let lost = stage.settlement(visit: "V1")
            #expect(try await stage.carry(lost).outcome == .unknown(reason: "connection_lost"))
            let second = stage.settlement(visit: "V1")
            let reply = try await stage.carry(second)
            #expect(reply.outcome == .unresolved(msgid: lost.msgid))
            #expect(try await stage.entry(second.msgid) == nil)
            #expect(try await stage.events(second.msgid) == ["settlement.refused refused"])
            #expect(try await stage.carry(stage.settlement(visit: "V2")).setlID != nil)
            #expect(await stage.ledger.counts["2207"] == 2)
        }
    }

    @Test("An institution sees its own calls by their msgid, and no other's")
    func link() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            let reply = try await stage.carry(call)
            let settlements = try stage.desk.settlements
            let seen = try await settlements.reply(
                msgid: call.msgid, institution: SettlementStage.institution)
            #expect(seen?.outcome == reply.outcome)
            #expect(try await settlements.reply(msgid: call.msgid, institution: UUID()) == nil)
            let text = String(decoding: reply.text, as: UTF8.self)
            #expect(text.contains(#""outcome":"settled""#) && text.contains(#""fund_pay_sumamt":86.42"#))
        }
    }

    @Test("A refund counts negative, in the group of what it takes back")
    func refund() async throws {
        try await SettlementStage.run { stage in
            let original = try await stage.carry(stage.settlement(visit: "V1"))
            let refund = stage.cancellation(setlID: try #require(original.setlID), visit: "V1")
            #expect(try await stage.carry(refund).outcome.name == "settled")
            let entry = try #require(try await stage.entry(refund.msgid))
            #expect(entry.amounts.total == -12_345 && entry.insutype == "310" && entry.clrType == "11")
            let groups = try await stage.store.read { [date = stage.date] in
                try $0.statementTotals(fixmedinsCode: SettlementStage.code, date: date)
            }
            #expect(groups.count == 1)
            #expect(groups.values.first?.totals == StatementTotals(count: 2, amounts: .zero))
        }
    }

    @Test("A caller's own reversal goes by the journal: once, and only of what is there")
    func reversal() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            let reversal = stage.reversal(of: call)
            #expect(try await stage.carry(reversal).outcome.name == "settled")
            #expect(try await stage.state(call) == .reversed)
            let again = try await stage.carry(reversal)
            #expect(again.outcome.name == "settled" && again.isReplay)
            await #expect(throws: InputError.self) { try await stage.carry(stage.reversal(of: call)) }
            await #expect(throws: InputError.self) {
                try await stage.carry(stage.reversal(of: stage.settlement(visit: "V9")))
            }
            #expect(await stage.ledger.counts["2601"] == 1)
            #expect(try await stage.carry(call).outcome == .reversed)
        }
    }

    @Test("A reversal that never left may be sent again, and is carried out once")
    func reversalAgain() async throws {
        try await SettlementStage.run { stage in
            let call = stage.settlement(visit: "V1")
            try await stage.carry(call)
            let reversal = stage.reversal(of: call)
            stage.platform.script("2601", .notSent, .notSent)
            for _ in 1...2 {
                #expect(try await stage.carry(reversal).outcome == .notCarriedOut(reason: "unreachable"))
                #expect(try await stage.state(call) == .success)
            }
            #expect(try await stage.carry(reversal).outcome.name == "settled")
            #expect(try await stage.carry(reversal).isReplay)
            #expect(await stage.ledger.counts["2601"] == 1)
        }
    }

    @Test("What can't go into a log or a journal is no identifier", arguments: ["", "a b", "甲", "a\"b"])
    func identifiers(msgid: String) async throws {
        try await SettlementStage.run { stage in
            await #expect(throws: InputError.self) {
                try await stage.carry(stage.settlement(visit: "V1", msgid: msgid))
            }
            await #expect(throws: InputError.self) {
                try await stage.carry(
                    PlatformCall(
                        infno: "1101", msgid: stage.newMessageID(),
                        sender: PlatformCall.Sender(id: "1", name: "1"), input: [:]))
            }
        }
    }

    @Test("No byte of the store names the person, the operator or the card", arguments: [true, false])
    func sealed(isLost: Bool) async throws {
        try await SettlementStage.run { stage in
            if isLost { stage.platform.script("2207", .lostAfter) }
            try await stage.carry(stage.settlement(visit: "V1"), key: "k1")
            for name in try FileManager.default.contentsOfDirectory(atPath: stage.directory.path) {
                let bytes = try Data(
                    contentsOf: URL(fileURLWithPath: stage.directory.path + "/" + name))
                for canary in [SettlementStage.psnNo, SettlementStage.operatorName] {
                    #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(name) holds \(canary)")
                }
            }
        }
    }
}
