import InsurancePlatform
import Testing

@Suite("Typed transactions")
struct TransactionTests {
    private static let amount = ExactDecimal(cents: 123_456_789_01)

    private static func checks<Transaction: PlatformTransaction>(_ transaction: Transaction) throws {
        let text = transaction.input.text()
        let read = try Transaction(input: ExactJSON(parsing: text))
        #expect(read.input.text() == text, "\(Transaction.infno) reads as it was written")
        let strings = try Transaction(
            input: ExactJSON(parsing: transaction.input.withNumbersAsStrings.text()))
        #expect(strings.input.text() == text, "\(Transaction.infno) reads numbers in strings")
        #expect(Transaction.infno == PlatformCall(transaction, msgid: "", sender: FsiSamples.sender).infno)
    }

    private static func answers<Transaction: PlatformTransaction>(
        _ type: Transaction.Type, _ answer: Transaction.Answer
    ) throws {
        let output = try ExactJSON(parsing: answer.output.text())
        #expect(try type.answer(from: output) == answer, "\(type.infno)")
        #expect(try type.answer(from: output.withNumbersAsStrings) == answer, "\(type.infno)")
    }

    @Test("are the same on both sides")
    func inputs() throws {
        try Self.checks(SignIn(opterNo: "op", mac: "00:00", ip: "127.0.0.1"))
        try Self.checks(SignOut(signNo: "s", opterNo: "op"))
        try Self.checks(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: "made-up"))
        try Self.checks(CatalogueQuery(hilistName: "阿司匹林", pageNum: 2))
        try Self.checks(
            Registration(
                psnNo: "P", insutype: "310", begntime: "2023-11-15 06:00:00", mdtrtCertType: "02",
                mdtrtCertNo: "made-up", iptOtpNo: "O1"))
        try Self.checks(RegistrationCancel(psnNo: "P", mdtrtID: "M", iptOtpNo: "O1"))
        let diagnosis = Diagnosis(
            diagType: "1", diagSrtNo: 1, diagCode: "J00", diagName: "感冒", diagTime: "2023-11-15 06:00:00")
        try Self.checks(
            VisitUpload(
                visit: VisitUpload.Visit(
                    mdtrtID: "M", psnNo: "P", medType: "11", begntime: "2023-11-15 06:00:00"),
                diagnoses: [diagnosis]))
        try Self.checks(
            FeeUpload(fees: [
                FeeUpload.Fee(
                    feedetlSn: "F1", mdtrtID: "M", psnNo: "P", chrgBchno: "B",
                    feeOcurTime: "2023-11-15 06:00:00",
                    medListCodg: "L", medinsListCodg: "I", cnt: ExactDecimal(units: 15, scale: 1),
                    pric: ExactDecimal(units: 1_333_333, scale: 6), detItemFeeSumamt: ExactDecimal(cents: 200)
                )
            ]))
        try Self.checks(FeeCancel(mdtrtID: "M", psnNo: "P"))
        try Self.checks(PreSettlement(FsiSamples.request))
        try Self.checks(Settlement(FsiSamples.request))
        try Self.checks(SettlementCancel(setlID: "S", mdtrtID: "M", psnNo: "P"))
        try Self.checks(InpatientSettlement(FsiSamples.request))
        try Self.checks(
            InpatientRegistration(
                stay: InpatientRegistration.Stay(
                    psnNo: "P", insutype: "310", begntime: "2023-11-15 06:00:00", mdtrtCertType: "02",
                    mdtrtCertNo: "made-up", iptNo: "I1", medType: "21"), diagnoses: [diagnosis]))
        try Self.checks(Reversal(psnNo: "P", omsgid: FsiSamples.msgid, oinfno: "2207"))
        try Self.checks(
            StatementTotal(
                insutype: "310", clrType: "11", setlOptins: "330100", stmtBegndate: "2023-11-15",
                stmtEnddate: "2023-11-15", medfeeSumamt: Self.amount, fundPaySumamt: -Self.amount,
                acctPay: .zero,
                fixmedinsSetlCnt: 3))
        try Self.checks(
            StatementDetail(
                setlOptins: "330100", fileQuryNo: "Q", stmtBegndate: "2023-11-15", stmtEnddate: "2023-11-15",
                medfeeSumamt: Self.amount, fundPaySumamt: .zero, cashPayamt: .zero, fixmedinsSetlCnt: 3))
        try Self.checks(SettlementQuery(psnNo: "P", mdtrtID: "M"))
        try Self.checks(FileUpload(filename: "a.zip", fixmedinsCode: "H33010000001", content: [0, 255, 7]))
        try Self.checks(FileDownload(fileQuryNo: "Q", filename: "a.zip", fixmedinsCode: "H33010000001"))
    }

    @Test("answer the same on both sides")
    func outputs() throws {
        try Self.answers(SignIn.self, SignIn.Answer(signTime: "2023-11-15 06:00:00", signNo: "s"))
        try Self.answers(SignOut.self, SignOut.Answer(signTime: "2023-11-15 06:00:00"))
        var base = InsuredPerson.Base(psnNo: "P", certno: "made-up", psnName: "欧阳若兰")
        base.age = ExactDecimal(units: 45, scale: 1)
        try Self.answers(
            PersonQuery.self,
            InsuredPerson(
                base: base,
                insurances: [.init(insutype: "310", insuplcAdmdvs: "330199", balc: ExactDecimal(cents: -1))]))
        try Self.answers(
            CatalogueQuery.self, CatalogueQuery.Answer(items: [.init(hilistCode: "X", hilistName: "阿司匹林")]))
        try Self.answers(Registration.self, Registration.Answer(mdtrtID: "M", psnNo: "P", iptOtpNo: "O"))
        try Self.answers(RegistrationCancel.self, EmptyAnswer())
        var fee = FeeUpload.PricedFee(
            feedetlSn: "F1", detItemFeeSumamt: ExactDecimal(cents: 200),
            cnt: ExactDecimal(units: 15, scale: 1),
            pric: ExactDecimal(units: 1_333_333, scale: 6))
        fee.selfpayProp = ExactDecimal(units: 1250, scale: 4)
        try Self.answers(FeeUpload.self, FeeUpload.Answer(results: [fee]))
        try Self.answers(PreSettlement.self, FsiSamples.settled)
        try Self.answers(Settlement.self, FsiSamples.settled)
        let cancelled = SettlementAnswer(info: FsiSamples.settled.info.negated)
        #expect(cancelled.info.psnCashPay == ExactDecimal(cents: -345))
        try Self.answers(SettlementCancel.self, cancelled)
        try Self.answers(InpatientRegistration.self, InpatientRegistration.Answer(mdtrtID: "M"))
        try Self.answers(Reversal.self, EmptyAnswer())
        try Self.answers(
            StatementTotal.self, StatementTotal.Answer(setlOptins: "330100", stmtRslt: "0", stmtRsltDscr: ""))
        try Self.answers(
            StatementDetail.self, StatementDetail.Answer(fileQuryNo: "Q", filename: "d.zip", dldEndtime: ""))
        try Self.answers(SettlementQuery.self, SettlementQuery.Answer(settlements: []))
        let found = SettlementQuery.Answer(settlements: [cancelled.info, FsiSamples.settled.info])
        try Self.answers(SettlementQuery.self, found)
        #expect(found.settlement(msgid: FsiSamples.msgid) != nil && found.settlement(msgid: "other") == nil)
        try Self.answers(FileUpload.self, FileUpload.Answer(fileQuryNo: "Q", filename: "a.zip"))
        try Self.answers(FileDownload.self, FileDownload.Answer(filename: "d.zip", content: [1, 2, 3]))
    }

    @Test("read one setlinfo where the site writes no array, and bytes as Java prints them")
    func variants() throws {
        let single: ExactJSON = ["setlinfo": FsiSamples.settled.output["setlinfo"] ?? nil]
        #expect(try SettlementQuery.answer(from: single).settlements.count == 1)
        #expect(try SettlementQuery.answer(from: nil).settlements.isEmpty)
        let file = try FileDownload.answer(from: ["filename": "d.zip", "in": [80, 75, -1, 0]])
        #expect(file.content == [80, 75, 255, 0])
    }

    @Test(
        "name the field that is wrong",
        arguments: [
            (["data": ["medfee_sumamt": 1]], .missingField, "input.data.psn_no"),
            (["data": ["medfee_sumamt": "1.234"]], .malformedNumber, "input.data.medfee_sumamt"),
            (["data": ["medfee_sumamt": "abc"]], .malformedNumber, "input.data.medfee_sumamt"),
            (["data": ["medfee_sumamt": "123456789012345"]], .malformedNumber, "input.data.medfee_sumamt"),
            (["data": ["medfee_sumamt": .number("1e2")]], .malformedNumber, "input.data.medfee_sumamt"),
            (["data": ["medfee_sumamt": nil]], .missingField, "input.data.medfee_sumamt"),
            (["data": ["insutype": [1]]], .malformedField, "input.data.insutype"),
            ([:], .missingField, "input.data"), (["data": "x"], .malformedField, "input.data"),
        ] as [(ExactJSON, FsiError.Code, String)])
    func named(change: ExactJSON, code: FsiError.Code, field: String) throws {
        var input = change
        if let changes = change["data"]?.members {
            var data = try #require(Settlement(FsiSamples.request).input["data"]?.members)
            if changes["medfee_sumamt"] == 1 { data["psn_no"] = "" }
            data.merge(changes) { $1 }
            input = ["data": .object(data)]
        }
        #expect { try Settlement(input: input) } throws: { error in
            (error as? FsiError)?.code == code && (error as? FsiError)?.field == field
        }
    }
}
