import InsurancePlatform
import RequestSigning
import Testing

@Suite("Exact JSON")
struct ExactJSONTests {
    @Test("keeps every number's text and sorts names by code point")
    func roundTrip() throws {
        let source =
            #"{"b":1.50,"a":[1E+2,-0.0,12345678901234567890.1],"\u0041":"x\n\u0001\"\\\/é😀","空":null,"Z":true}"#
        let json = try ExactJSON(parsing: Array(source.utf8))
        let text = String(decoding: json.text(), as: UTF8.self)
        #expect(
            text
                == #"{"A":"x\n\u0001\"\\/é😀","Z":true,"a":[1E+2,-0.0,12345678901234567890.1],"b":1.50,"空":null}"#
        )
        #expect(try ExactJSON(parsing: Array(text.utf8)) == json)
    }

    @Test(
        "is refused when it isn't JSON, or can't be held",
        arguments: [
            ("", .invalidJSON), ("{", .invalidJSON), (#"{"a":1,"a":2}"#, .duplicateKey),
            (#""\ud800""#, .loneSurrogate),
            ("{\"e\u{301}\":1,\"\u{E9}\":2}", .duplicateKey), ("01", .invalidJSON), ("NaN", .invalidJSON),
            (String(repeating: "[", count: 65), .tooDeep),
        ] as [(String, SigningRefusal.Code)])
    func refused(text: String, code: SigningRefusal.Code) {
        #expect { try ExactJSON(parsing: Array(text.utf8)) } throws: { ($0 as? SigningRefusal)?.code == code }
    }

    @Test("gives numbers and strings alike")
    func access() throws {
        let json: ExactJSON = ["n": 12, "s": "12.50", "e": "", "z": nil, "b": true, "list": ["a", 1]]
        #expect(json["n"]?.string == "12" && json["s"]?.string == "12.50")
        #expect(json["n"]?.decimal == ExactDecimal("12") && json["s"]?.decimal == ExactDecimal("12.5"))
        #expect(json["e"]?.decimal == nil && json["z"]?.decimal == nil && json["b"]?.string == nil)
        #expect(json["list"]?.elements?.count == 2 && json["none"] == nil && json["n"]?["x"] == nil)
        #expect(json.withNumbersAsStrings["list"] == ["a", "1"])
    }
}
