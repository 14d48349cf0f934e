import InsurancePlatform
import Testing

@Suite("The fsi envelope")
struct FsiEnvelopeTests {
    @Test("reads as it was written, field by field")
    func roundTrip() throws {
        let call = FsiSamples.settlement()
        let bytes = try FsiEnvelope.encode(call, site: FsiSamples.site(), now: FsiSamples.now)
        let request = try FsiRequest(parsing: bytes)
        #expect(request.infno == "2207" && request.msgid == call.msgid && request.input == call.input)
        #expect(request.mdtrtareaAdmvs == "330100" && request.insuplcAdmdvs == "330199")
        #expect(request.recerSysCode == "HUFU-TEST" && request.infver == "V1.0" && request.signNo == "sign-1")
        #expect(request.opterType == "1" && request.opter == "op-7" && request.opterName == "陈思远")
        #expect(request.infTime == 1_700_000_000_000 && request.signtype == "SM2, SM3")
        #expect(request.fixmedinsCode == "H33010000001" && request.fixmedinsName == "虎符测试医院")
        #expect(try Settlement(input: request.input).request == FsiSamples.request)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text.contains(#""medfee_sumamt":123.45"#) && text.contains(#""inf_time":"2023-11-15 06:13:20""#))
    }

    @Test("carries numbers as strings where the site wants it")
    func numbersAsStrings() throws {
        var site = FsiSamples.site()
        site.numbersAsStrings = true
        let bytes = try FsiEnvelope.encode(FsiSamples.settlement(), site: site, now: FsiSamples.now)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""medfee_sumamt":"123.45""#))
        #expect(try Settlement(input: FsiRequest(parsing: bytes).input).request == FsiSamples.request)
    }

    @Test("isn't sent when a field is missing or doesn't fit, and says which")
    func refusedBeforeSending() {
        typealias Change = (inout PlatformCall, inout FsiSite) -> Void
        let changes: [(String, Change)] = [
            ("msgid", { call, _ in call.msgid = "short" }),
            ("msgid", { call, _ in call.msgid = "H99910000001202311150613200001" }),
            ("infno", { call, _ in call.infno = "22/7" }),
            ("insuplc_admdvs", { call, _ in call.insuplcAdmdvs = nil }),
            ("opter", { call, _ in call.sender.id = "" }),
            ("opter_name", { call, _ in call.sender.name = String(repeating: "名", count: 51) }),
            ("recer_sys_code", { _, site in site.recerSysCode = "12345678901" }),
            ("fixmedins_name", { _, site in site.fixmedinsName = "" }),
            ("input", { call, _ in call.input = "text" }),
            ("input", { call, _ in call.input = ["data": .string(String(repeating: "长", count: 40_001))] }),
            ("sign_no", { call, _ in call.signNo = String(repeating: "x", count: 31) }),
        ]
        for (field, change) in changes {
            var call = FsiSamples.settlement()
            var site = FsiSamples.site()
            change(&call, &site)
            #expect("\(field)") {
                try FsiEnvelope.encode(call, site: site, now: FsiSamples.now)
            } throws: { error in
                guard case .notSent(.badRequest, let detail)? = error as? PlatformFailure else {
                    return false
                }
                return detail.hasPrefix("\(field):")
            }
        }
    }

    @Test("counts its lengths in characters, not bytes")
    func lengths() throws {
        var site = FsiSamples.site()
        site.fixmedinsName = String(repeating: "院", count: 20)
        var call = FsiSamples.settlement()
        call.input = ["data": .string(String(repeating: "长", count: 39_000))]
        #expect(throws: Never.self) { try FsiEnvelope.encode(call, site: site, now: 0) }
        call.infno = "9101"
        call.input = ["fsUploadIn": .string(String(repeating: "x", count: 100_000))]
        #expect(throws: Never.self) { try FsiEnvelope.encode(call, site: site, now: 0) }
    }

    @Test(
        "is refused by the platform with the name of the field",
        arguments: [
            ("infno", nil, .missingField), ("msgid", "123", .malformedField), ("msgid", nil, .missingField),
            ("mdtrtarea_admvs", "3301000", .fieldTooLong), ("inf_time", "2023-11-15", .malformedField),
            ("inf_time", "2023-02-30 00:00:00", .malformedField), ("fixmedins_code", nil, .missingField),
            ("opter_type", "", .missingField), ("input", nil, .missingField), ("input", [1], .malformedField),
            ("insuplc_admdvs", "", .missingField), ("opter", ["x": 1], .malformedField),
            ("dev_no", .string(String(repeating: "d", count: 101)), .fieldTooLong),
        ] as [(String, ExactJSON?, FsiError.Code)])
    func refused(field: String, value: ExactJSON?, code: FsiError.Code) throws {
        let bytes = try FsiEnvelope.encode(
            FsiSamples.settlement(), site: FsiSamples.site(), now: FsiSamples.now)
        var members = try #require(ExactJSON(parsing: bytes).members)
        members[field] = value
        let changed = ExactJSON.object(members).text()
        #expect { try FsiRequest(parsing: changed) } throws: { error in
            (error as? FsiError)?.code == code && (error as? FsiError)?.field == field
        }
    }

    @Test("that isn't JSON is refused", arguments: ["", "[]", "{", "null", "{\"a\":1}"])
    func notJSON(text: String) {
        #expect(throws: FsiError.self) { try FsiRequest(parsing: Array(text.utf8)) }
    }

    @Test("goes where the site takes each transaction")
    func addresses() {
        var site = FsiSamples.site()
        let base = "https://platform.test/ebus/rio_fsi"
        #expect(site.url(infno: "2207") == base + "/fsi/api/outpatientSettleService/saveSettletmentV2")
        #expect(site.url(infno: "2203A") == base + "/fsi/api/outpatientDocInfoService/outpatientMdtrtinfoUp")
        #expect(site.url(infno: "7777") == base + "/fsi/api/7777")
        site.paths["2207A"] = "other/settle"
        #expect(site.url(infno: "2207A") == base + "/fsi/api/other/settle")
        site.appendsInfno = true
        #expect(site.url(infno: "2207") == base + "/2207")
    }
}
