import InsurancePlatform
import NIOCore
import Testing

@Suite("Personal values")
struct PersonalContentTests {
    private static let canary = "欧阳若兰-canary"

    @Test("don't show in anything that is printed")
    func printing() throws {
        var request = FsiSamples.request
        request.mdtrtCertNo = Self.canary
        var person = InsuredPerson.Base(psnNo: Self.canary, certno: Self.canary, psnName: Self.canary)
        person.gend = Self.canary
        let row = StatementRow(
            setlID: "S", mdtrtID: "M", psnNo: Self.canary, medfeeSumamt: .zero, fundPaySumamt: .zero,
            acctPay: .zero)
        let call = PlatformCall(Settlement(request), msgid: FsiSamples.msgid, sender: FsiSamples.sender)
        var site = FsiSamples.site()
        site.inputLimit = 100_000
        var insured = call
        insured.insuplcAdmdvs = "330199"
        let envelope = try FsiEnvelope.encode(insured, site: site, now: FsiSamples.now)
        let values: [Any] = [
            request, Settlement(request), call, person, InsuredPerson(base: person, insurances: []), row,
            ExactJSON.string(Self.canary), BusinessRefusal(infcode: 1, message: Self.canary),
            Frame(infno: "2207", sequence: 1, credential: Self.canary),
            SOAPRequest(infno: "2207", body: envelope),
            try FsiRequest(parsing: envelope),
            FsiSamples.answer(["data": .string(Self.canary)], message: Self.canary),
            PlatformAnswer(infcode: 0, refMessageID: "", output: .string(Self.canary)),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("canary"), "\(type(of: value))")
            }
        }
    }

    @Test("don't show in what is said of a wrong message")
    func errors() throws {
        let wrong: [ExactJSON] = [
            ["data": ["psn_no": .string(Self.canary), "medfee_sumamt": .string(Self.canary)]],
            ["data": .string(Self.canary)], ["data": [.string(Self.canary)]],
        ]
        for input in wrong {
            #expect { try Settlement(input: input) } throws: { !String(describing: $0).contains("canary") }
        }
        for text in [
            Self.canary, "{\"infcode\":\"\(Self.canary)\"}", "{\"infcode\":0,\"output\":\"\(Self.canary)\"}",
        ] {
            #expect { try PlatformAnswer(fsi: Array(text.utf8)) } throws: {
                !String(describing: $0).contains("canary")
            }
        }
    }
}
