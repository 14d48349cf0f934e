import InsurancePlatform

/// Made-up institutions, people and calls.
enum FsiSamples {
    static let now: Int64 = 1_700_000_000_123
    static let msgid = "H33010000001202311150613200001"
    static let sender = PlatformCall.Sender(id: "op-7", name: "陈思远")

    static func site(baseURL: String = "https://platform.test/ebus/rio_fsi") -> FsiSite {
        FsiSite(
            baseURL: baseURL, fixmedinsCode: "H33010000001", fixmedinsName: "虎符测试医院",
            mdtrtareaAdmvs: "330100",
            recerSysCode: "HUFU-TEST")
    }

    static func settlement(msgid: String = msgid) -> PlatformCall {
        PlatformCall(
            Settlement(request), msgid: msgid, sender: sender, insuplcAdmdvs: "330199", signNo: "sign-1")
    }

    static var request: SettlementRequest {
        var request = SettlementRequest(
            psnNo: "P0001", mdtrtCertType: "02", mdtrtCertNo: "made-up", medType: "11",
            medfeeSumamt: ExactDecimal(cents: 12_345), mdtrtID: "M1", chrgBchno: "B1", acctUsedFlag: "1",
            insutype: "310")
        request.invono = "I-1"
        return request
    }

    static var settled: SettlementAnswer {
        SettlementAnswer(
            info: SettlementInfo(
                mdtrtID: "M1", setlID: "S1", setlTime: "2023-11-15 06:13:21", medinsSetlID: msgid,
                medfeeSumamt: ExactDecimal(cents: 12_345), fundPaySumamt: ExactDecimal(cents: 10_000),
                acctPay: ExactDecimal(cents: 2_000), psnCashPay: ExactDecimal(cents: 345)),
            shares: [
                SettlementShare(
                    fundPayType: "310100", fundPayTypeName: "统筹基金", fundPayamt: ExactDecimal(cents: 10_000))
            ])
    }

    static func answer(_ output: ExactJSON = settled.output, infcode: Int = 0, message: String? = nil)
        -> FsiResponse
    {
        FsiResponse(
            infcode: infcode, refMessageID: FsiResponse.referenceID(admdvs: "330100", now: now, sequence: 42),
            received: now, responded: now + 15, message: message, output: output)
    }
}
