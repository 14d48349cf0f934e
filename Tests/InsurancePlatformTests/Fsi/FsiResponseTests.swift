import InsurancePlatform
import Testing

@Suite("The fsi answer")
struct FsiResponseTests {
    @Test("reads the same in every spelling that sites use", arguments: [false, true], [false, true])
    func spellings(infcodeAsString: Bool, outputAsString: Bool) throws {
        for numbersAsStrings in [false, true] {
            var form = FsiResponse.Form()
            form.infcodeAsString = infcodeAsString
            form.outputAsString = outputAsString
            form.numbersAsStrings = numbersAsStrings
            let answer = try PlatformAnswer(fsi: FsiSamples.answer().encode(form))
            #expect(answer.isSuccess && answer.message == nil)
            #expect(answer.refMessageID == "330100202311150613200000000042")
            #expect(try answer.content(of: Settlement.self) == FsiSamples.settled)
        }
    }

    @Test("carries a business refusal")
    func refusal() throws {
        let bytes = FsiSamples.answer(.null, infcode: -1, message: String(repeating: "错", count: 300))
            .encode()
        let answer = try PlatformAnswer(fsi: bytes)
        #expect(answer.infcode == -1 && answer.output == .null && answer.message?.count == 200)
        #expect { try answer.content(of: Settlement.self) } throws: {
            ($0 as? BusinessRefusal)?.infcode == -1
        }
    }

    @Test(
        "is read leniently",
        arguments: [
            (#"{"infcode":"0"}"#, 0), (#"{"infcode":0,"output":""}"#, 0),
            (#"{"infcode":" -1 ","output":null}"#, -1),
            (#"{"infcode":"0","err_msg":"","output":"{}"}"#, 0), (#"{"infcode":1201,"extra":[1]}"#, 1201),
        ])
    func lenient(text: String, infcode: Int) throws {
        #expect(try PlatformAnswer(fsi: Array(text.utf8)).infcode == infcode)
    }

    @Test(
        "without a readable code or output is refused",
        arguments: [
            "", "<html>", "[]", "{}", #"{"infcode":null}"#, #"{"infcode":"E1"}"#, #"{"infcode":true}"#,
            #"{"infcode":0,"output":"{"}"#, #"{"infcode":0.5}"#, #"{"infcode":0,"#,
        ])
    func refused(text: String) {
        #expect(throws: FsiError.self) { try PlatformAnswer(fsi: Array(text.utf8)) }
    }

    @Test("whose output isn't the transaction's leaves the outcome unknown")
    func wrongOutput() throws {
        let answer = try PlatformAnswer(fsi: FsiSamples.answer(["setlinfo": ["setl_id": "1"]]).encode())
        #expect { try answer.content(of: Settlement.self) } throws: { error in
            (error as? PlatformFailure)
                == .unknown(.unreadableAnswer, detail: "output.setlinfo.mdtrt_id: the field is required")
        }
    }
}
