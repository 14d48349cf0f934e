import RequestSigning
import Testing

@Suite("Members found without parsing")
struct OuterMembersTests {
    private static func texts(_ text: String) -> [String: String] {
        OuterMembers.texts(of: ["msgid", "opter"], in: Array(text.utf8))
    }

    @Test(
        "Strings of the outermost object are found wherever they stand",
        arguments: [
            #"{"msgid":"a","opter":"b"}"#, #" { "opter" : "b" , "x" : "y" , "msgid" : "a" } "#,
            #"{"input":{"msgid":"no","l":["opter","no"]},"msgid":"a","opter":"b"}"#,
            #"{"l":["msgid",":","no"],"s":"\",\"msgid\":\"no","msgid":"a","n":-1.5e3,"opter":"b"}"#,
            #"{"名":"值","msgid":"a","msgid":"no","opter":"b"}"#, #"{"x":{"y":[]},"msgid":"a","opter":"b""#,
            #"{"x":"msgid","y":null,"msgid":"a","z":true,"opter":"b","w":}"#,
        ])
    func found(text: String) {
        #expect(Self.texts(text) == ["msgid": "a", "opter": "b"])
    }

    @Test(
        "What isn't a plain string of the outermost object isn't found",
        arguments: [
            "", "{", "null", #""msgid":"a""#, #"["msgid","a"]"#, #"[{"msgid":"a"}]"#, #"{"x":{"msgid":"a"}}"#,
            #"{"msgid":7}"#, #"{"msgid":{"opter":"a"}}"#, #"{"msgid":["a"]}"#, #"{"msgid":"a\u0062"}"#,
            #"{"msg\u0069d":"a"}"#, #"{"msgid":"a"#, #"{"MSGID":"a"}"#, #"{"x":"msgid"}"#, #"x{"msgid":"a"}"#,
            #"{}{"msgid":"a"}"#, #"{"msgid"#, "{\"msgid\":\"\\", "msgid=a&opter=b", "}\"msgid\":\"a\"",
        ])
    func missing(text: String) {
        #expect(Self.texts(text).isEmpty)
    }

    @Test("Beyond the reach nothing is seen, and what isn't UTF-8 isn't a text")
    func bounds() {
        let filler = String(repeating: "x", count: OuterMembers.reach)
        #expect(Self.texts("{\"msgid\":\"a\",\"x\":\"\(filler)\",\"opter\":\"b\"}") == ["msgid": "a"])
        let broken = Array("{\"msgid\":\"a".utf8) + [0xFF] + Array("\",\"opter\":\"b\"}".utf8)
        #expect(OuterMembers.texts(of: ["msgid", "opter"], in: broken) == ["opter": "b"])
    }

    @Test("In whole documents of any form the same is found as by parsing them")
    func sameAsParsed() throws {
        var random = SeededBytes(seed: 11)
        let values = [
            "1", "null", "true", #""a""#, #""msgid""#, #""张""#, "[]", "{}", #"["msgid","b"]"#,
            #"{"opter":"c"}"#,
            #"[{"msgid":"d"},":",","]"#, #""{""#, #""]""#, #""\\""#, #"{"a":{"b":["\""]}}"#,
        ]
        for _ in 0..<2000 {
            var names = ["msgid", "opter", "x", "input", "m"]
            names.shuffle(using: &random)
            let members = names.prefix(Int.random(in: 0...5, using: &random)).map { name in
                "\"\(name)\": \(values.randomElement(using: &random) ?? "0")"
            }
            let text = "{\(members.joined(separator: " ,"))}"
            let document = try JSONDocument(parsing: Array(text.utf8))
            var parsed: [String: String] = [:]
            for name in ["msgid", "opter"] { parsed[name] = document[name]?.string }
            parsed = parsed.filter { $0.value != "\\" }
            #expect(Self.texts(text) == parsed, "\(text)")
        }
    }
}
