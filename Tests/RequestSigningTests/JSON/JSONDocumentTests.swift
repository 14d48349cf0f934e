import RequestSigning
import Testing

@Suite struct JSONDocumentTests {
    static func document(_ text: String) throws -> JSONDocument {
        try JSONDocument(parsing: Array(text.utf8))
    }

    @Test("Values are found by their names and read as what they are")
    func reading() throws {
        let document = try Self.document(
            #"{"s":"a\n\u00e9","n":-1.50e2,"t":true,"f":false,"z":null,"#
                + #""l":[1,[2],{"x":"y"}],"o":{"in":{"p":"q"}}}"#
        )
        #expect(document.isObject)
        #expect(document.string(at: "s") == "a\né")
        #expect(document.string(at: "o", "in", "p") == "q")
        #expect(document.string(at: "o", "in") == nil)
        #expect(document.string(at: "s", "x") == nil)
        #expect(document["n"]?.numberText == "-1.50e2")
        #expect(document["n"]?.string == nil)
        #expect(document["t"]?.boolean == true)
        #expect(document["f"]?.boolean == false)
        #expect(document["z"]?.kind == .null)
        #expect(document["missing"] == nil)
        #expect(document["l"]?.elements.map(\.kind) == [.number, .array, .object])
        #expect(document["l"]?.elements.last?["x"]?.string == "y")
        #expect(document.root.members.map(\.name) == ["s", "n", "t", "f", "z", "l", "o"])
        #expect(document.value(at: ["o"])?.bytes == Array(#"{"in":{"p":"q"}}"#.utf8))
        #expect(document.value(at: [])?.kind == .object)
        #expect(try Self.document("[]").isObject == false)
        #expect(try Self.document(#"{"a":"\ud800"}"#)["a"]?.string == nil)
    }

    @Test(
        "The bytes that travel on are compact, in the order of the source, with numbers as they were written")
    func compactBytes() throws {
        let text = #" { "b" : [ 1.00 , -0 , 1E2 ] , "a" : "\u5f20\/\n\u0001\ud800\u007f" , "c" : { } } "#
        let expected = "{\"b\":[1.00,-0,1E2],\"a\":\"张/\\n\\u0001\\ud800\u{7F}\",\"c\":{}}"
        #expect(String(decoding: try Self.document(text).bytes, as: UTF8.self) == expected)
        #expect(try Self.document(expected).bytes == Array(expected.utf8))
    }

    @Test("Names are converted at every level, in the order of the source, and values stay")
    func convertingNames() throws {
        let text =

            #"{"psnNo":"aB","inputData":[{"medType":"mT","card_no":1}],"PSN_NO":2,"#
            + #""Name":3,"é":4,"x\u0059":5}"#
        let snake = try Self.document(text).convertingNames(to: .snakeCase)
        #expect(
            String(decoding: snake.bytes, as: UTF8.self)
                == #"{"psn_no":"aB","input_data":[{"med_type":"mT","card_no":1}],"PSN_NO":2,"#
                + #""Name":3,"é":4,"x_y":5}"#
        )
        #expect(
            String(decoding: try snake.canonical(.jcs), as: UTF8.self)
                == #"{"Name":3,"PSN_NO":2,"input_data":[{"card_no":1,"med_type":"mT"}],"#
                + #""psn_no":"aB","x_y":5,"é":4}"#
        )
        #expect(snake.string(at: "psn_no") == "aB")
        #expect(snake["psnNo"] == nil)
        let camel = try snake.convertingNames(to: .camelCase)
        #expect(camel.string(at: "psnNo") == "aB")
        #expect(camel["inputData"]?.elements.first?["cardNo"]?.numberText == "1")
        #expect(try snake.convertingNames(to: .snakeCase).bytes == snake.bytes)
    }

    @Test(
        "Both spellings of a name in one object are refused",
        arguments: [
            (#"{"cardNo":1,"card_no":1}"#, NameStyle.snakeCase), (#"{"card_no":1,"cardNo":1}"#, .camelCase),
            (#"[{"x":{"patientID":1,"patientId":2}}]"#, .snakeCase),
            (#"{"aB":1,"aC":2,"a_b":3}"#, .snakeCase),
        ])
    func bothSpellings(text: String, style: NameStyle) throws {
        let document = try Self.document(text)
        #expect(throws: SigningRefusal.self) { try document.convertingNames(to: style) }
        do throws(SigningRefusal) {
            _ = try document.convertingNames(to: style)
        } catch {
            #expect(error.code == .bothSpellings)
        }
    }

    @Test("Converted names are sorted anew, and found")
    func sortedAnew() throws {
        let document = try Self.document(#"{"userB":1,"user_a":2,"userC":3,"userZ":{"x_b":4,"xC":5,"xA":6}}"#)
        let snake = try document.convertingNames(to: .snakeCase)
        #expect(
            String(decoding: try snake.canonical(.python), as: UTF8.self)
                == #"{"user_a":2,"user_b":1,"user_c":3,"user_z":{"x_a":6,"x_b":4,"x_c":5}}"#)
        for (name, text) in [("user_a", "2"), ("user_b", "1"), ("user_c", "3")] {
            #expect(snake[name]?.numberText == text)
        }
    }

    @Test("The same name in two objects is no conflict")
    func separateObjects() throws {
        let document = try Self.document(#"{"cardNo":1,"in":{"card_no":1}}"#)
        #expect(
            try document.convertingNames(to: .snakeCase).bytes
                == Array(#"{"card_no":1,"in":{"card_no":1}}"#.utf8))
    }

    @Test("A body and a query become one object, and a name in both is refused")
    func merging() throws {
        let body = try Self.document(#"{"b":[1.0],"a":{"x":"y"}}"#)
        let query = try JSONDocument(query: "z=1&c=%22")
        #expect(try body.merging(query).bytes == Array(#"{"b":[1.0],"a":{"x":"y"},"z":"1","c":"\""}"#.utf8))
        #expect(try body.merging(JSONDocument(query: "")).bytes == body.bytes)
        #expect(try Self.document("{}").merging(query).bytes == query.bytes)
        do throws(SigningRefusal) {
            _ = try body.merging(JSONDocument(query: "a=1"))
            Issue.record("a name in both was accepted")
        } catch {
            #expect(error.code == .duplicateKey)
        }
        do throws(SigningRefusal) {
            _ = try JSONDocument(parsing: Array("[1]".utf8)).merging(query)
            Issue.record("an array was merged")
        } catch {
            #expect(error.code == .notAnObject)
        }
    }
}
