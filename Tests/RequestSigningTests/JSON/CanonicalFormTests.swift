import RequestSigning
import Testing

@Suite struct CanonicalFormTests {
    static func canonical(_ text: String, _ form: CanonicalForm) throws -> String {
        String(decoding: try JSONDocument(parsing: Array(text.utf8)).canonical(form), as: UTF8.self)
    }

    static func refusal(_ text: String, _ form: CanonicalForm) -> SigningRefusal.Code? {
        do throws(SigningRefusal) {
            _ = try JSONDocument(parsing: Array(text.utf8)).canonical(form)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "The Python form prints what json.dumps prints",
        arguments: [
            (#"{}"#, #"{}"#),
            (#" { "b" : [ ] , "a" : { } } "#, #"{"a":{},"b":[]}"#),
            (
                #"{"cardNo":"张三","a":"\u5f20\ud83d\ude00😀"}"#,
                #"{"a":"\u5f20\ud83d\ude00\ud83d\ude00","cardNo":"\u5f20\u4e09"}"#
            ),
            (
                #"{"s":"\/\b\f\n\r\t\"\\\u0000\u001f\u007f\u0080"}"#,
                #"{"s":"/\b\f\n\r\t\"\\\u0000\u001f\u007f\u0080"}"#
            ),
            ("{\"del\":\"a\u{7F}b\"}", #"{"del":"a\u007fb"}"#),
            (#"{"s":"\uD800\ud800\uDC00\udfff"}"#, #"{"s":"\ud800\ud800\udc00\udfff"}"#),
            // By code point, U+10000 stands behind U+FFFF, and a lone surrogate before U+E000.
            (
                #"{"\uffff":1,"\ud800\udc00":2,"\ue000":3,"\ud800":4,"z":5}"#,
                #"{"z":5,"\ud800":4,"\ue000":3,"\uffff":1,"\ud800\udc00":2}"#
            ),
            (
                #"{"b":1,"a":2,"B":3,"ab":4,"":5,"a\u0000":6}"#,
                #"{"":5,"B":3,"a":2,"a\u0000":6,"ab":4,"b":1}"#
            ),
            (
                #"{"abcdefghz":1,"abcdefgh":2,"abcdefghi":3,"abcdefg":4}"#,
                #"{"abcdefg":4,"abcdefgh":2,"abcdefghi":3,"abcdefghz":1}"#
            ),
            (
                #"{"n":[0,-0,1,-1,12345678901234567890123,true,false,null]}"#,
                #"{"n":[0,0,1,-1,12345678901234567890123,true,false,null]}"#
            ),
            (
                #"{"n":[1.0,1e2,100.00,0.1,-0.0,0e5,1e15,1e16,0.0001,0.00001,1.5E+300,-1e-7]}"#,
                #"{"n":[1.0,100.0,100.0,0.1,-0.0,0.0,1000000000000000.0,1e+16,0.0001,1e-05,1.5e+300,-1e-07]}"#
            ),
        ])
    func pythonForm(text: String, expected: String) throws {
        #expect(try Self.canonical(text, .python) == expected)
    }

    @Test("White space goes from the ends of top-level strings, and from nowhere else")
    func strips() throws {
        let text =
            #"{" k ":" \u3000\u0085 a b\u001c\t\u2003","n":{"x":" y "},"l":[" z "],"e":"   ","w":"\u200b"}"#
        #expect(
            try Self.canonical(text, .python)
                == #"{" k ":"a b","e":"","l":[" z "],"n":{"x":" y "},"w":"\u200b"}"#)
        #expect(
            try Self.canonical(text, .jcs)
                == "{\" k \":\"a b\",\"e\":\"\",\"l\":[\" z \"],\"n\":{\"x\":\" y \"},\"w\":\"\u{200B}\"}")
    }

    @Test("Exactly the white space that Python counts is stripped")
    func whiteSpace() throws {
        var stripped: [UInt32] = []
        for code: UInt32 in 0..<0x11000 {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let digits = String(code, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            let text = code < 0x10000 ? "\\u\(zeros)\(digits)" : String(scalar)
            if try Self.canonical("{\"a\":\"\(text)\"}", .python) == "{\"a\":\"\"}" { stripped.append(code) }
        }
        let expected: [UInt32] =
            Array(0x09...0x0D) + Array(0x1C...0x20) + [0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
            + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
        #expect(stripped == expected)
    }

    @Test("RFC 8785's examples come out as published (sections 3.2.2 and 3.2.3)")
    func publishedExamples() throws {
        let mixed = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        #expect(
            try Self.canonical(mixed, .jcs) == #"{"literals":[null,true,false],"#
                + #""numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
        let sorted = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        #expect(
            try Self.canonical(sorted, .jcs) == "{\"\\r\":\"Carriage Return\",\"1\":\"One\","
                + "\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
                + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\","
                + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}")
    }

    @Test(
        "What a form can't write is refused",
        arguments: [
            (#"{"a":"\ud800"}"#, CanonicalForm.jcs, SigningRefusal.Code.loneSurrogate),
            (#"{"a":"\udc00\ud800"}"#, .envelope(.codePoint), .loneSurrogate),
            (#"{"\udfff":1}"#, .jcs, .loneSurrogate),
            (#"{"a":1e309}"#, .python, .numberOutOfRange),
            (#"{"a":[-1.8e308]}"#, .jcs, .numberOutOfRange),
            (#"{"a":1e99999999999999999999}"#, .python, .numberOutOfRange),
            ("{\"a\":1\(String(repeating: "0", count: 4300))}", .python, .numberOutOfRange),
            ("{\"a\":1\(String(repeating: "0", count: 309))}", .jcs, .numberOutOfRange),
            ("[1]", .python, .notAnObject),
            ("null", .jcs, .notAnObject),
            (#""text""#, .envelope(.caseInsensitive), .notAnObject),
        ])
    func refusals(text: String, form: CanonicalForm, code: SigningRefusal.Code) {
        #expect(Self.refusal(text, form) == code)
    }

    @Test("Integers keep 4300 digits in the Python form, sign apart")
    func longIntegers() throws {
        let digits = "-" + String(repeating: "7", count: 4300)
        #expect(try Self.canonical("{\"a\":\(digits)}", .python) == "{\"a\":\(digits)}")
    }
}
