import AuditLog
import Testing

@Suite("JSON Schema") struct JSONSchemaTests {
    @Test("each keyword says yes and no")
    func keywords() throws {
        for vector in try Vectors.list("schema-keywords.json") {
            let schema = try JSONSchema(try #require(vector["schema"]))
            for value in vector["good"]?.array ?? [] {
                #expect(schema.violations(value) == [], "\(vector.canonicalText)")
            }
            for value in vector["bad"]?.array ?? [] {
                #expect(schema.violations(value) != [], "\(vector.canonicalText)")
            }
        }
    }

    @Test(
        "patterns match as in ECMA-262",
        arguments: [
            ("^a+b?$", ["a", "aab"], ["", "b", "abb"]), ("a|bc", ["xa", "bc"], ["b", "c"]),
            ("^(ab|a)(bc)?$", ["abc", "ab", "a", "abbc"], ["abcb"]),
            ("^[^0-9]{2,3}$", ["ab", "abc"], ["a1", "a", "abcd"]),
            (#"^\d{2}\.\d$"#, ["12.3"], ["12x3", "1.23"]), (#"^[\w.-]+$"#, ["a_b-c.d"], ["a b", ""]),
            ("^(?:x{2}){2}$", ["xxxx"], ["xxx", "xxxxx"]), ("^.$", ["é", "😀"], ["", "ab", "\n"]),
            ("^(a*)*$", ["", "aaa"], ["b"]), ("^[a\\-z]$", ["a", "-", "z"], ["b"]),
            ("^\\u4e2d$", ["中"], ["国"]),
        ])
    func pattern(pattern: String, good: [String], bad: [String]) throws {
        let schema = try JSONSchema(["pattern": .string(pattern)])
        for text in good { #expect(schema.violations(.string(text)) == [], "\(text)") }
        for text in bad { #expect(schema.violations(.string(text)) != [], "\(text)") }
    }

    @Test(
        "what it does not know is refused at once",
        arguments: [
            #"{"dependentSchemas":{}}"#, #"{"type":"text"}"#, #"{"pattern":"(?=a)"}"#, #"{"pattern":"a(b"}"#,
            #"{"pattern":"[a"}"#, #"{"pattern":"a**"}"#, #"{"pattern":"a{3,2}"}"#, #"{"pattern":"\\1"}"#,
            ##"{"$ref":"#/elsewhere"}"##, ##"{"$ref":"#/$defs/none"}"##, #"{"minLength":-1}"#,
            #"{"anyOf":[]}"#, "1",
            #"{"properties":{"a":{"unknown":1}}}"#,
        ])
    func unknown(schema: String) throws {
        let json = try JSON(parsing: schema)
        #expect(throws: JSONSchemaError.self) { try JSONSchema(json) }
    }

    @Test("a violation names the place")
    func place() throws {
        let schema = try JSONSchema(["properties": ["a/b": ["items": ["type": "null"]]]])
        #expect(schema.violations(["a/b": [nil, 1]]) == ["/a~1b/1: it is not of type null"])
    }
}
