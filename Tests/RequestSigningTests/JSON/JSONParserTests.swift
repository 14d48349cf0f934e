import RequestSigning
import Testing

@Suite struct JSONParserTests {
    static func refusal(_ bytes: [UInt8], limits: JSONLimits = .standard) -> SigningRefusal.Code? {
        do throws(SigningRefusal) {
            _ = try JSONDocument(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "What RFC 8259 doesn't allow is refused",
        arguments: [
            "", " ", "{", "}", "[", "]", "{]", "[}", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{\"a\"}",
            "{\"a\":}",
            "{a:1}", "{'a':1}", "{1:2}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "nul", "nulll", "True", "NaN",
            "Infinity",
            "-", "+1", "01", "-01", "1.", ".5", "1.e2", "1e", "1e+", "0x10", "1_0", "--1", "1 2", "{} {}",
            "[] x",
            "\"", "\"a", "\"\\", "\"\\u12\"", "\"\\u12g4\"", "\"\\x41\"", "\"\\U0041\"", "\"\n\"", "\"\t\"",
            "\"\u{0}\"",
            "[1]\u{0}", "\u{A0}1", "\u{C}1", "// c\n1", "\"abcdefgh\u{1F}\"", "tru", "f", "[\"a\",\"b]",
        ])
    func malformed(text: String) {
        #expect(Self.refusal(Array(text.utf8)) == .invalidJSON)
    }

    @Test(
        "A control character is refused wherever it stands in a string", arguments: 0..<0x20 as Range<UInt8>)
    func controlCharacters(code: UInt8) {
        for place in 0..<24 {
            var text = [UInt8](repeating: 0x61, count: 24)
            text[place] = code
            #expect(Self.refusal([0x22] + text + [0x22]) == .invalidJSON)
            #expect(Self.refusal([0x22, 0x5C, 0x6E] + text + [0x22]) == .invalidJSON)
        }
    }

    @Test(
        "Text that isn't UTF-8 is refused, wherever it stands in a string",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x9F, 0xBF],
            [0xE4, 0xBD],
            [0xE4, 0xBD, 0x20], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF], [0xFE],
            [0xD5, 0xC5, 0xC8, 0xFD],  // a name in GBK
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        for filler in 0..<20 {
            let text = [UInt8](repeating: 0x61, count: filler)
            #expect(
                Self.refusal(Array("{\"n\":\"".utf8) + text + bytes + text + Array("\"}".utf8))
                    == .invalidUTF8)
            #expect(Self.refusal([0x22] + text + bytes) == .invalidUTF8)
            #expect(Self.refusal(Array("[\"\\n".utf8) + text + bytes + Array("\"]".utf8)) == .invalidUTF8)
        }
    }

    @Test(
        "Every edge of UTF-8's well-formed ranges is accepted",
        arguments: [
            0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF,
            0x40000, 0xFFFFF, 0x100000, 0x10FFFF,
        ] as [UInt32])
    func edges(code: UInt32) throws {
        let text = String(try #require(Unicode.Scalar(code)))
        for filler in 0..<10 {
            let wanted = String(repeating: "a", count: filler) + text + "b"
            #expect(try JSONDocument(parsing: Array("\"\(wanted)\"".utf8)).root.string == wanted)
        }
    }

    @Test(
        "A byte order mark is refused by its name",
        arguments: [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]])
    func byteOrderMark(mark: [UInt8]) {
        #expect(Self.refusal(mark + Array("{}".utf8)) == .byteOrderMark)
    }

    @Test(
        "A name that occurs twice is refused at every level, however it is spelled",
        arguments: [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"x":{"é":1,"\u00e9":2}}"#,
            #"[{"a":1,"\u0061":2}]"#,
            #"{"😀":1,"\ud83d\ude00":2}"#, #"{"":1,"":2}"#, #"{"\ud800":1,"\uD800":2}"#,
            #"{"abcdefghij":1,"abcdefghij":2}"#, #"{"a/":1,"a\/":2}"#,
        ])
    func duplicates(text: String) {
        #expect(Self.refusal(Array(text.utf8)) == .duplicateKey)
    }

    @Test("Names that only look alike are different names")
    func lookAlikes() {
        let text = #"{"a":1,"A":1,"a ":1,"a\u0000":1,"é":1,"e\u0301":1,"abcdefgh":1,"abcdefgh\u0000":1}"#
        #expect(Self.refusal(Array(text.utf8)) == nil)
    }

    @Test("Many names are sorted and searched for doubles in no time", .timeLimit(.minutes(10)))
    func manyNames() throws {
        let names = (0..<40_000).map { "name_with_a_common_prefix_\($0 &* 7919 % 40_000)" }
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",")
        let limits = JSONLimits(bytes: 1 << 22)
        let document = try JSONDocument(parsing: Array((text + "}").utf8), limits: limits)
        #expect(document["name_with_a_common_prefix_39999"]?.numberText == "0")
        #expect(document["name_with_a_common_prefix_40000"] == nil)
        let sorted = names.sorted().map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try document.canonical(.python) == Array("{\(sorted)}".utf8))
        let twice = Array((text + ",\"\(names[20_000])\":1}").utf8)
        #expect(Self.refusal(twice, limits: limits) == .duplicateKey)
    }

    @Test("64 levels are read and 65 are refused")
    func depth() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(
                (String(repeating: "[{\"a\":", count: depth / 2) + String(repeating: "[", count: depth % 2))
                    .utf8)
                + Array((depth % 2 == 0 ? "1" : "").utf8)
                + Array(
                    (String(repeating: "]", count: depth % 2) + String(repeating: "}]", count: depth / 2))
                        .utf8)
        }
        #expect(Self.refusal(nested(64)) == nil)
        #expect(Self.refusal(nested(65)) == .tooDeep)
        #expect(Self.refusal(nested(66)) == .tooDeep)
        #expect(Self.refusal(nested(256), limits: JSONLimits(depth: .max)) == nil)
        #expect(Self.refusal(nested(257), limits: JSONLimits(depth: .max)) == .tooDeep)
        #expect(Self.refusal([UInt8](repeating: 0x5B, count: 1 << 20)) == .tooDeep)
        #expect(Self.refusal(nested(1), limits: JSONLimits(depth: -1)) == .tooDeep)
    }

    @Test("A text is as long as its limit, and not a byte longer")
    func length() {
        #expect(Self.refusal(Array("[1]".utf8), limits: JSONLimits(bytes: 3)) == nil)
        #expect(Self.refusal(Array("[12]".utf8), limits: JSONLimits(bytes: 3)) == .bodyTooLarge)
        #expect(Self.refusal(Array("[12]".utf8), limits: JSONLimits(bytes: -1)) == .bodyTooLarge)
    }
}
