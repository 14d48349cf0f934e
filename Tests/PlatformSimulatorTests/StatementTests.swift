import InsurancePlatform
import PlatformSimulator
import Testing

@Suite("Statements of the sandbox", .timeLimit(.minutes(10)))
struct StatementTests {
    private static func statement(_ settled: [SettlementInfo], _ day: String) -> StatementTotal {
        StatementTotal(
            insutype: "310", clrType: "11", setlOptins: "440100", stmtBegndate: day, stmtEnddate: day,
            medfeeSumamt: settled.reduce(.zero) { $0 + $1.medfeeSumamt },
            fundPaySumamt: settled.reduce(.zero) { $0 + $1.fundPaySumamt },
            acctPay: settled.reduce(.zero) { $0 + $1.acctPay }, fixmedinsSetlCnt: settled.count)
    }

    private static func row(_ info: SettlementInfo, _ person: SandboxPerson, refund: Bool = false)
        -> StatementRow
    {
        StatementRow(
            setlID: info.setlID, mdtrtID: info.mdtrtID, psnNo: person.psnNo, medfeeSumamt: info.medfeeSumamt,
            fundPaySumamt: info.fundPaySumamt, acctPay: info.acctPay, isRefund: refund)
    }

    /// 9101, 3202, 9102.
    private static func compare(
        _ running: RunningSandbox, _ rows: [StatementRow], _ day: String
    ) async throws -> [StatementDifference] {
        let client = running.client
        let file = try await client.carry(
            FileUpload(
                filename: "day.zip", fixmedinsCode: client.site.fixmedinsCode,
                content: StatementFile.zip(rows: rows)))
        let answer = try await client.carry(
            StatementDetail(
                setlOptins: "440100", fileQuryNo: file.fileQuryNo, stmtBegndate: day, stmtEnddate: day,
                medfeeSumamt: .zero, fundPaySumamt: .zero, cashPayamt: .zero, fixmedinsSetlCnt: rows.count))
        let result = try await client.carry(
            FileDownload(
                fileQuryNo: answer.fileQuryNo, filename: answer.filename,
                fixmedinsCode: client.site.fixmedinsCode))
        return try StatementFile.differences(fromZip: result.content)
    }

    @Test("totals agree until a row is missing on one side; the rows name it; refunds and reversals count")
    func wholeDay() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let person = try await running.person(1)
            let day = ChinaTime.text(client.now, .date)
            var settled: [SettlementInfo] = []
            var msgids: [String] = []
            for price in ["10.00", "20.05", "0.01"] {
                let visit = try await Visit.open(client, person, [Visit.Item(price: price)])
                msgids.append(client.msgid())
                settled.append(
                    try await client.carry(Settlement(visit.request()), msgid: msgids.last).info)
            }
            let refund = try await client.carry(
                SettlementCancel(
                    setlID: settled[0].setlID, mdtrtID: settled[0].mdtrtID, psnNo: person.psnNo)
            ).info
            let all = settled + [refund]
            #expect(try await client.carry(Self.statement(all, day)).agrees)
            let short = try await client.carry(Self.statement(settled, day))
            #expect(!short.agrees)
            #expect(short.stmtRsltDscr.contains("fixmedins_setl_cnt"))
            let rows = settled.map { Self.row($0, person) } + [Self.row(refund, person, refund: true)]
            #expect(try await Self.compare(running, rows, day).isEmpty)
            var wrong = rows
            wrong[1].fundPaySumamt = .zero
            wrong.remove(at: 2)
            wrong.append(
                StatementRow(
                    setlID: "nowhere", mdtrtID: "x", psnNo: person.psnNo, medfeeSumamt: .zero,
                    fundPaySumamt: .zero, acctPay: .zero))
            let differences = try await Self.compare(running, wrong, day)
            #expect(differences.map(\.result) == [.amountsDiffer, .onlyPlatform, .onlyInstitution])
            #expect(differences[1].msgid == msgids[2])
            _ = try await client.carry(Reversal(psnNo: person.psnNo, omsgid: msgids[2], oinfno: "2207"))
            #expect(try await client.carry(Self.statement([all[0], all[1], all[3]], day)).agrees)
        }
    }

    @Test("another insurance, another day or another clearing type is another statement")
    func keys() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let day = ChinaTime.text(client.now, .date)
            let visit = try await Visit.open(client, running.person(1))
            let info = try await client.carry(Settlement(visit.request())).info
            var statement = Self.statement([info], day)
            #expect(try await client.carry(statement).agrees)
            statement.insutype = "390"
            #expect(try await client.carry(statement).agrees == false)
            statement = Self.statement([], "2020-01-01")
            #expect(try await client.carry(statement).agrees)
            statement.stmtEnddate = "2019-12-31"
            #expect(try await client.answer(to: client.call(statement)).infcode == 3201)
        }
    }

    @Test("a file that is none, or nobody's, is refused")
    func brokenFiles() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let file = try await client.carry(
                FileUpload(
                    filename: "x.zip", fixmedinsCode: client.site.fixmedinsCode, content: [1, 2, 3]))
            var detail = StatementDetail()
            detail.fileQuryNo = file.fileQuryNo
            detail.stmtBegndate = "2026-11-21"
            detail.stmtEnddate = "2026-11-21"
            #expect(try await client.answer(to: client.call(detail)).infcode == 9102)
            detail.fileQuryNo = "nobody's"
            #expect(try await client.answer(to: client.call(detail)).infcode == 9101)
        }
    }

    @Test("an inpatient is admitted, charged, settled and sent home; kinds aren't mixed")
    func inpatient() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let person = try await running.person(3)
            let admission = client.msgid()
            let stay = InpatientRegistration.Stay(
                psnNo: person.psnNo, insutype: "390", begntime: "2026-11-21 08:00:00", mdtrtCertType: "02",
                mdtrtCertNo: person.certNo, iptNo: "IP1", medType: "21")
            let opened = try await client.carry(InpatientRegistration(stay: stay), msgid: admission)
            let fee = Visit.fee(Visit.Item(price: "1000.00"), "F1", opened.mdtrtID, person)
            _ = try await client.carry(FeeUpload(fees: [fee]))
            let request = Visit(person: person, mdtrtID: opened.mdtrtID, total: fee.detItemFeeSumamt)
                .request()
            #expect(try await client.answer(to: client.call(Settlement(request))).infcode == 2011)
            let msgid = client.msgid()
            let settled = try await client.carry(InpatientSettlement(request), msgid: msgid).info
            #expect(settled.fundPaySumamt == ExactDecimal("550.00"))
            #expect(settled.clrType == "21")
            let early = Reversal(psnNo: person.psnNo, omsgid: admission, oinfno: "2401")
            #expect(try await client.answer(to: client.call(early)).infcode == 2002)
            _ = try await client.carry(Reversal(psnNo: person.psnNo, omsgid: msgid, oinfno: "2304"))
            _ = try await client.carry(early)
            #expect(try await client.answer(to: client.call(early)).infcode == 2603)
        }
    }
}
