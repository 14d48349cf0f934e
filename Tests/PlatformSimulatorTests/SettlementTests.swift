import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Testing

@Suite("Business of the sandbox", .timeLimit(.minutes(10)))
struct SettlementTests {
    @Test("a person is found, visits, is charged, settles, and the books show it to the cent")
    func wholeVisit() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let found = try await client.carry(
                PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"))
            #expect(found.base.psnName == "张三丰")
            #expect(found.insurances.first?.balc == ExactDecimal("5000.00"))
            let person = try await running.person(1)
            let visit = try await Visit.open(
                client, person,
                [
                    Visit.Item(code: "HFX0001", count: "3", price: "33.333333", amount: "100.00"),
                    Visit.Item(code: "HFX0003", count: "2", price: "20.00"),
                    Visit.Item(code: "NOBODY", count: "1", price: "0.01"),
                ])
            let proposed = try await client.carry(PreSettlement(visit.request()))
            #expect(proposed.info.setlID.isEmpty)
            let msgid = client.msgid()
            let settled = try await client.carry(Settlement(visit.request()), msgid: msgid).info
            // 20.00 × 2 with a limit of 12.3456: 15.31 above it, of 24.69 a fifth (4.94) first, 19.75 in scope.
            #expect(settled.fulamtOwnpayAmt == ExactDecimal("0.01"))
            #expect(settled.overlmtSelfpay == ExactDecimal("15.31"))
            #expect(settled.preselfpayAmt == ExactDecimal("4.94"))
            #expect(settled.inscpScpAmt == ExactDecimal("119.75"))
            #expect(settled.fundPaySumamt == ExactDecimal("95.80"))
            #expect(settled.acctPay == ExactDecimal("44.21"))
            #expect(settled.psnCashPay == .zero)
            #expect(settled.balc == ExactDecimal("4955.79"))
            #expect(settled.medinsSetlID == msgid)
            #expect(settled.fundPaySumamt == proposed.info.fundPaySumamt)
            let totals = try #require(await running.sandbox.ledgerTotals().first)
            #expect(totals.count == 1)
            #expect(totals.medfee == ExactDecimal("140.01"))
        }
    }

    @Test("the same msgid never settles twice: it gets the first answer; another body under it is refused")
    func sameMessage() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            let call = client.call(Settlement(visit.request()))
            let first = try await client.answer(to: call)
            let again = try await client.answer(to: call)
            #expect(first.output == again.output)
            #expect(try await running.sandbox.ledgerSettlements().count == 1)
            let other = client.call(Settlement(visit.request(account: false)), msgid: call.msgid)
            #expect(try await client.answer(to: other).infcode == 1005)
        }
    }

    @Test("of a hundred that settle one visit at once exactly one does")
    func race() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            let codes = try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await client.answer(to: client.call(Settlement(visit.request()))).infcode
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == 0 }.count == 1)
            #expect(codes.filter { $0 == 2006 }.count == 99)
        }
    }

    @Test("an account pays no more than it holds, to the last cent")
    func edgeBalance() async throws {
        try await RunningSandbox.run { running in
            let visit = try await Visit.open(running.client, running.person(2))
            let settled = try await running.client.carry(Settlement(visit.request())).info
            #expect(settled.acctPay == ExactDecimal("0.01"))
            #expect(settled.psnCashPay == ExactDecimal("19.99"))
            #expect(settled.balc == .zero)
        }
    }

    @Test("a refund is a row of negative amounts, gives the account its money back, and comes once")
    func refund() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            let settled = try await client.carry(Settlement(visit.request())).info
            let cancel = SettlementCancel(
                setlID: settled.setlID, mdtrtID: visit.mdtrtID, psnNo: visit.person.psnNo)
            let refund = try await client.carry(cancel).info
            #expect(refund.medfeeSumamt == -settled.medfeeSumamt)
            #expect(refund.setlID != settled.setlID)
            #expect(refund.balc == ExactDecimal("5000.00"))
            #expect(try await client.answer(to: client.call(cancel)).infcode == 2010)
            let rows = try await client.carry(
                SettlementQuery(psnNo: visit.person.psnNo, mdtrtID: visit.mdtrtID)
            ).settlements
            #expect(rows.map(\.medfeeSumamt) == [visit.total, -visit.total])
            // The fees are free again.
            _ = try await client.carry(Settlement(visit.request()))
        }
    }

    @Test("a reversal undoes a settlement once, and only what can be reversed")
    func reversal() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            let msgid = client.msgid()
            _ = try await client.carry(Settlement(visit.request()), msgid: msgid)
            let reversal = Reversal(psnNo: visit.person.psnNo, omsgid: msgid, oinfno: "2207")
            _ = try await client.carry(reversal)
            #expect(try await client.answer(to: client.call(reversal)).infcode == 2603)
            let left = try await client.carry(
                SettlementQuery(psnNo: visit.person.psnNo, mdtrtID: visit.mdtrtID))
            #expect(left.settlements.isEmpty)
            #expect(try await running.sandbox.ledgerTotals().isEmpty)
            #expect(try await running.person(1).balance == ExactDecimal("5000.00"))
            let wrong = Reversal(psnNo: visit.person.psnNo, omsgid: msgid, oinfno: "2204")
            #expect(try await client.answer(to: client.call(wrong)).infcode == 2601)
            let unknown = Reversal(
                psnNo: visit.person.psnNo, omsgid: client.msgid(), oinfno: "2207")
            #expect(try await client.answer(to: client.call(unknown)).infcode == 2602)
        }
    }

    @Test("a reversed refund puts the settlement back, unless its fees were settled anew")
    func reversedRefund() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            let settled = try await client.carry(Settlement(visit.request())).info
            let cancel = SettlementCancel(
                setlID: settled.setlID, mdtrtID: visit.mdtrtID, psnNo: visit.person.psnNo)
            let first = client.msgid()
            _ = try await client.carry(cancel, msgid: first)
            _ = try await client.carry(
                Reversal(psnNo: visit.person.psnNo, omsgid: first, oinfno: "2208"))
            #expect(try await running.person(1).balance == ExactDecimal("4980.00"))
            let second = client.msgid()
            _ = try await client.carry(cancel, msgid: second)
            _ = try await client.carry(Settlement(visit.request()))
            let late = Reversal(psnNo: visit.person.psnNo, omsgid: second, oinfno: "2208")
            #expect(try await client.answer(to: client.call(late)).infcode == 2604)
        }
    }

    @Test("a settlement is found by its visit, its number or the msgid that booked it")
    func lookup() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(4))
            let msgid = client.msgid()
            let settled = try await client.carry(Settlement(visit.request()), msgid: msgid)
            let keys: [[String: ExactJSON]] = [
                ["mdtrt_id": .string(visit.mdtrtID)], ["setl_id": .string(settled.info.setlID)],
                ["medins_setl_id": .string(msgid)], ["setl_id": .string(msgid)],
            ]
            for key in keys {
                var call = client.call(SettlementQuery(psnNo: visit.person.psnNo, mdtrtID: ""))
                call.input = .object([
                    "data": .object(key.merging(["psn_no": .string(visit.person.psnNo)]) { $1 })
                ])
                let answer = try await client.answer(to: call).content(of: SettlementQuery.self)
                #expect(answer.settlement(msgid: msgid)?.setlID == settled.info.setlID)
                #expect(answer.shares == settled.shares)
            }
        }
    }

    @Test("what doesn't fit is refused with the field or the reason")
    func refusals() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let paused = try await running.person(7)
            func registration(_ person: SandboxPerson) -> Registration {
                Registration(
                    psnNo: person.psnNo, insutype: person.insutype, begntime: "2026-11-21 08:00:00",
                    mdtrtCertType: "02", mdtrtCertNo: person.certNo, iptOtpNo: "1")
            }
            #expect(try await client.answer(to: client.call(registration(paused))).infcode == 1102)
            let elsewhere = client.call(registration(try await running.person(1)), insuplc: "110000")
            #expect(try await client.answer(to: elsewhere).infcode == 1103)
            let nobody = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: "nobody")
            #expect(try await client.answer(to: client.call(nobody)).infcode == 1101)
            let visit = try await Visit.open(client, running.person(1))
            var request = visit.request()
            request.medfeeSumamt = ExactDecimal("99.99") ?? .zero
            #expect(try await client.answer(to: client.call(Settlement(request))).infcode == 2007)
            let fee = Visit.fee(Visit.Item(amount: "100.02"), "F9", visit.mdtrtID, visit.person)
            #expect(try await client.answer(to: client.call(FeeUpload(fees: [fee]))).infcode == 2004)
            let twice = Visit.fee(Visit.Item(), "F1", visit.mdtrtID, visit.person)
            #expect(try await client.answer(to: client.call(FeeUpload(fees: [twice]))).infcode == 2003)
            var missing = client.call(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: "x"))
            missing.input = ["data": ["mdtrt_cert_type": "02"]]
            let answer = try await client.answer(to: missing)
            #expect(answer.infcode == 1001)
            #expect(answer.message?.contains("input.data.mdtrt_cert_no") == true)
        }
    }
}
