import HTTPTypes
import RequestSigning
import Testing

@Suite("Why a signature failed: what was signed (10, 11, 13–16)")
struct SignatureTextTests {
    /// One wrong client: the version, what it sends, and what it takes for the text to sign.
    struct Mistaken: Sendable {
        let version: String
        let body: String
        let signed: String

        init(_ version: String, _ body: String, _ signed: String) {
            (self.version, self.body, self.signed) = (version, body, signed)
        }
    }

    private func expect(
        _ mistake: SignatureMistake, _ wrong: Mistaken, _ change: (inout SignatureEvidence) -> Void = { _ in }
    ) throws {
        let client = Client(version: wrong.version)
        let explanation = try client.explain(client.post(wrong.body, signing: wrong.signed), change)
        #expect(explanation.verdict == .refused)
        #expect(explanation.refusal?.code == .signatureMismatch)
        #expect(explanation.findings.map(\.mistake) == [mistake], "\(explanation.findings)")
        #expect(explanation.findings.first?.certainty == .proven)
        #expect(explanation.steps.last?.text.contains("|") == true)
    }

    @Test(
        "The same bodies signed right are accepted",
        arguments: [
            Mistaken("v3.2.0", #"{"name":" 张 ","n":1e2}"#, #"{"n":100.0,"name":"\u5f20"}"#),
            Mistaken("v3.3.0", #"{"name":" 张 ","n":1e2,"e":null}"#, #"{"e":null,"n":100,"name":"张"}"#),
            Mistaken("gm", #"{"cardNo":"1","b":{"a":""}}"#, #"{"b":{"a":""},"card_no":"1"}"#),
            Mistaken("v3.2.1", #"{"cardNo":"\u00e9","B":1.50}"#, #"{"B":1.5,"card_no":"\u00e9"}"#),
        ])
    func right(call: Mistaken) throws {
        let client = Client(version: call.version)
        let explanation = try client.explain(client.post(call.body, signing: call.signed))
        #expect(explanation.verdict == .accepted)
        #expect(explanation.findings.isEmpty)
    }

    @Test(
        "(10) White space at a value's ends",
        arguments: [
            Mistaken("v3.2.0", #"{"name":" Li ","x":"1"}"#, #"{"name":" Li ","x":"1"}"#),
            Mistaken("gm", #"{"name":"Li\n","x":"1"}"#, #"{"name":"Li\n","x":"1"}"#),
            // Java's trim() leaves the ideographic space.
            Mistaken("v3.3.0", #"{"name":"　Li "}"#, #"{"name":"　Li"}"#),
            Mistaken("v3.2.1", #"{"a":{"b":" c "},"d":" e"}"#, #"{"a":{"b":"c"},"d":"e"}"#),
            Mistaken("v3.2.0", #"{"name":"Li Si"}"#, #"{"name":"LiSi"}"#),
            Mistaken("v3.2.0", #"{" name":"Li"}"#, #"{"name":"Li"}"#),
            Mistaken("v3.3.0", #"{"name":"\ufeffLi\u0085"}"#, "{\"name\":\"Li\u{85}\"}"),
            Mistaken("v3.2.0", #"{"name":" Li\u00a0"}"#, #"{"name":"Li\u00a0"}"#),
        ])
    func space(wrong: Mistaken) throws { try expect(.surroundingSpace, wrong) }

    @Test(
        "(11) Empty against missing against null",
        arguments: [
            Mistaken("v3.2.0", #"{"a":"1","b":null}"#, #"{"a":"1"}"#),
            Mistaken("v3.3.0", #"{"a":"1","b":""}"#, #"{"a":"1"}"#),
            Mistaken("gm", #"{"a":"1","b":null,"c":"","d":[]}"#, #"{"a":"1"}"#),
            Mistaken("v3.2.0", #"{"a":"1","b":null}"#, #"{"a":"1","b":""}"#),
            Mistaken("v3.2.0", #"{"a":"1","b":""}"#, #"{"a":"1","b":null}"#),
            Mistaken("v3.2.0", #"{"a":"1","b":null}"#, #"{"a":"1","b":"null"}"#),
            Mistaken("v3.2.0", #"{"a":{"b":null},"c":null}"#, #"{"a":{"b":null}}"#),
            Mistaken("v3.2.0", #"{"a":{},"c":null,"e":"1"}"#, #"{"e":"1"}"#),
            Mistaken("gm", #"{"a":["",1],"b":[[],{"c":null}]}"#, #"{"a":[1],"b":[{}]}"#),
        ])
    func empty(wrong: Mistaken) throws { try expect(.emptyValues, wrong) }

    @Test(
        "(11) A field that was signed and not sent",
        arguments: [
            #"{"a":"1","phone":null}"#, #"{"a":"1","phone":""}"#, #"{"a":"1","email":null,"phone":null}"#,
        ])
    func missing(signed: String) throws {
        try expect(.emptyValues, Mistaken("v3.2.0", #"{"a":"1"}"#, signed)) {
            $0.expectedNames = ["a", "phone", "email"]
        }
    }

    @Test(
        "(13) camelCase signed and snake_case sent, or the reverse",
        arguments: [
            Mistaken("v3.2.0", #"{"card_no":"1"}"#, #"{"cardNo":"1"}"#),
            Mistaken("v3.2.0", #"{"cardNo":"1"}"#, #"{"cardNo":"1"}"#),
            Mistaken("v3.3.0", #"{"patientID":"1"}"#, #"{"patient_i_d":"1"}"#),
            Mistaken("gm", #"{"list":[{"psn_no":"1"}]}"#, #"{"list":[{"psnNo":"1"}]}"#),
            Mistaken("v3.2.1", #"{"card_no":"1"}"#, #"{"CardNo":"1"}"#),
            Mistaken("v3.2.0", #"{"card_no":"1"}"#, #"{"CARD_NO":"1"}"#),
            Mistaken("v3.2.0", #"{"CardNo":"1"}"#, #"{"cardno":"1"}"#),
        ])
    func names(wrong: Mistaken) throws { try expect(.fieldNames, wrong) }

    @Test("(13) Both spellings in one body")
    func bothSpellings() throws {
        let client = Client(version: "v3.2.0")
        let body = #"{"cardNo":"1","card_no":"1"}"#
        let explanation = try client.explain(client.post(body, signing: body))
        #expect(explanation.refusal?.code == .bothSpellings)
        #expect(explanation.findings.map(\.mistake) == [.fieldNames])
    }

    @Test(
        "(14) The text of numbers",
        arguments: [
            Mistaken("v3.2.0", #"{"amt":1.0}"#, #"{"amt":1}"#),
            Mistaken("v3.2.0", #"{"amt":1}"#, #"{"amt":1.0}"#),
            Mistaken("v3.3.0", #"{"amt":1.0}"#, #"{"amt":1.0}"#),
            Mistaken("v3.3.0", #"{"amt":1e2}"#, #"{"amt":1e2}"#),
            Mistaken("v3.2.0", #"{"amt":1e2}"#, #"{"amt":100}"#),
            Mistaken("v3.2.0", #"{"amt":1e2}"#, #"{"amt":1E+2}"#),
            Mistaken("gm", #"{"amt":100}"#, #"{"amt":100.00}"#),
            Mistaken("gm", #"{"amt":100.00}"#, #"{"amt":"100.00"}"#),
            Mistaken("v3.2.0", #"{"amt":10000000.5}"#, #"{"amt":1.00000005E7}"#),
            Mistaken("v3.2.0", #"{"amt":"100.00"}"#, #"{"amt":100.00}"#),
            Mistaken("v3.2.0", #"{"amt":100.00}"#, #"{"amt":"100"}"#),
            Mistaken("v3.3.0", #"{"id":12345678901234567890}"#, #"{"id":12345678901234567890}"#),
            Mistaken("v3.2.0", #"{"amt":0.00001}"#, #"{"amt":0.00001}"#),
            Mistaken("v3.2.0", #"{"amt":0.00000001}"#, #"{"amt":1E-8}"#),
            Mistaken("v3.3.0", #"{"amt":12.5}"#, #"{"amt":"12.50"}"#),
        ])
    func numbers(wrong: Mistaken) throws { try expect(.numberText, wrong) }

    @Test("(14) The language that a number's text comes from is named")
    func language() throws {
        let texts = [("1e20", "100000000000000000000", "JavaScript"), ("1e21", "1E+21", "BigDecimal")]
        for (sent, signed, language) in texts {
            let client = Client(version: "v3.2.0")
            let call = try client.post("{\"amt\":\(sent)}", signing: "{\"amt\":\(signed)}")
            let finding = try #require(try client.explain(call).findings.first)
            #expect(finding.mistake == .numberText && finding.detail.english.contains(language))
        }
    }

    @Test(
        "(15) Escapes, normal forms and character sets of the signed text",
        arguments: [
            Mistaken("v3.2.0", #"{"name":"张三"}"#, #"{"name":"张三"}"#),
            Mistaken("v3.3.0", #"{"name":"张三"}"#, #"{"name":"\u5f20\u4e09"}"#),
            Mistaken("v3.2.0", #"{"name":"鿰😀"}"#, #"{"name":"\u9FF0\uD83D\uDE00"}"#),
            Mistaken("v3.2.1", #"{"path":"a/b"}"#, #"{"path":"a\/b"}"#),
            Mistaken("v3.2.0", #"{"path":"a/张"}"#, #"{"path":"a\/\u5f20"}"#),
            Mistaken("gm", #"{"q":"a<b&c"}"#, #"{"q":"a\u003cb\u0026c"}"#),
            Mistaken("gm", #"{"q":"a='b'"}"#, #"{"q":"a\u003d\u0027b\u0027"}"#),
            Mistaken("v3.3.0", #"{"q":"a+\"张\""}"#, #"{"q":"a\u002B\u0022\u5F20\u0022"}"#),
            Mistaken("v3.3.0", #"{"q":"\u001b"}"#, #"{"q":"\u001B"}"#),
            Mistaken("v3.2.0", #"{"q":"\b"}"#, #"{"q":"\u0008"}"#),
            Mistaken("v3.3.0", "{\"name\":\"Lu\u{308}\u{30c}\"}", "{\"name\":\"L\u{1da}\"}"),
            Mistaken("v3.3.0", "{\"name\":\"L\u{1da}\"}", "{\"name\":\"Lu\u{308}\u{30c}\"}"),
            Mistaken("v3.2.0", "{\"name\":\"한글\"}", #"{"name":"\u1112\u1161\u11ab\u1100\u1173\u11af"}"#),
            Mistaken("gm", "{\"name\":\"が\u{f914}\"}", "{\"name\":\"か\u{3099}\u{6a02}\"}"),
            Mistaken("v3.3.0", "{\"name\":\"\u{f4}\u{323}\"}", "{\"name\":\"o\u{323}\u{302}\"}"),
            Mistaken("v3.2.0", #"{"name":"é"}"#, #"{"name":"\u00c3\u00a9"}"#),
            Mistaken("v3.3.0", #"{"name":"张"}"#, #"{"name":"?"}"#),
            Mistaken("v3.3.0", #"{"name":"张/"}"#, #"{"name":"%E5%BC%A0%2F"}"#),
            Mistaken("v3.3.0", #"{"name":"a"}"#, "\u{feff}{\"name\":\"a\"}"),
        ])
    func encoding(wrong: Mistaken) throws { try expect(.textEncoding, wrong) }

    @Test("(15) GBK: signed, sent, and both; and a BOM")
    func characterSets() throws {
        let client = Client(version: "v3.3.0")
        let gbk: [UInt8] = Array("{\"name\":\"".utf8) + [0xd5, 0xc5] + Array("\"}".utf8)
        let signed = try client.explain(client.post(Array(#"{"name":"张"}"#.utf8), signing: gbk)) {
            $0.gbk = { $0 == #"{"name":"张"}"# ? gbk : nil }
        }
        #expect(signed.findings.map(\.mistake) == [.textEncoding])
        let sent = try client.explain(client.post(gbk, signing: gbk))
        #expect(sent.refusal?.code == .invalidUTF8)
        #expect(sent.findings.first?.mistake == .textEncoding)
        let mark = try client.explain(client.post("\u{feff}{}", signing: "{}"))
        #expect(mark.refusal?.code == .byteOrderMark)
        #expect(mark.findings.first?.mistake == .textEncoding)
        let surrogate = try client.explain(client.post(#"{"a":"\ud800"}"#, signing: #"{"a":"\ud800"}"#))
        #expect(surrogate.findings.first?.mistake == .textEncoding)
        let latin: [UInt8] = Array("{\"name\":\"".utf8) + [0xe9] + Array("\"}".utf8)
        let narrow = try client.explain(client.post(Array(#"{"name":"é"}"#.utf8), signing: latin))
        #expect(narrow.findings.map(\.mistake) == [.textEncoding])
        let plus = try client.explain(client.get("name=a+b", signing: #"{"name":"a+b"}"#))
        #expect(plus.findings.map(\.mistake) == [.textEncoding])
    }

    @Test(
        "(16) The order of names, with the caseless trap",
        arguments: [
            Mistaken("v3.2.0", #"{"b":"1","a":"2"}"#, #"{"b":"1","a":"2"}"#),
            Mistaken("v3.2.0", #"{"b":{"d":"1","c":"2"},"a":"2"}"#, #"{"a":"2","b":{"d":"1","c":"2"}}"#),
            Mistaken("gm", #"{"B":"1","a":"2"}"#, #"{"a":"2","B":"1"}"#),
            Mistaken("v3.3.0", #"{"a_x":"1","aB":"2","ab_c":"3"}"#, #"{"ab_c":"3","a_b":"2","a_x":"1"}"#),
            Mistaken("v3.2.0", #"{"A_":"1","Ab":"2"}"#, #"{"Ab":"2","A_":"1"}"#),
            Mistaken("v3.3.0", "{\"\u{ff5e}\":\"1\",\"😀\":\"2\"}", "{\"\u{ff5e}\":\"1\",\"😀\":\"2\"}"),
            Mistaken("v3.2.0", #"{"a":"1","b":"2","c":"3"}"#, #"{"c":"3","b":"2","a":"1"}"#),
            Mistaken(
                "v3.2.0", #"{"aB":"1","a0":"2","a_A":"3","a":"4"}"#,
                #"{"a":"4","a0":"2","a_b":"1","a_A":"3"}"#),
        ])
    func order(wrong: Mistaken) throws { try expect(.memberOrder, wrong) }

    @Test("(16) A name twice in the body, or in body and query")
    func duplicates() throws {
        let client = Client(version: "v3.2.0")
        let twice = try client.explain(client.post(#"{"a":"1","a":"2"}"#, signing: #"{"a":"2"}"#))
        #expect(twice.refusal?.code == .duplicateKey)
        #expect(twice.findings.first?.mistake == .memberOrder)
        let query = try client.explain(client.get("a=1&a=2", signing: #"{"a":"2"}"#))
        #expect(query.findings.first?.mistake == .memberOrder)
    }

    @Test(
        "Other texts are named for what they are",
        arguments: [
            Mistaken("v3.2.0", #"{"a":"1","b":"2"}"#, #"{"a": "1", "b": "2"}"#),
            Mistaken("v3.2.0", "{\n  \"a\": \"1\"\n}", "{\n  \"a\": \"1\"\n}"),
            Mistaken("v3.2.0", #"{"a":"1","b":2}"#, "a=1&b=2"), Mistaken("v3.2.0", #"{"a":"1"}"#, ""),
            Mistaken("v3.2.0", #"{"a":"1"}"#, "{\"a\":\"1\"}\n"),
        ])
    func otherText(wrong: Mistaken) throws { try expect(.otherText, wrong) }

    @Test("Two and three mistakes at once are all named")
    func several() throws {
        let client = Client(version: "v3.3.0")
        let two = try client.explain(
            client.post(#"{"cardNo":" 1 ","a":""}"#, signing: #"{"a":"","cardNo":" 1 "}"#))
        #expect(Set(two.findings.map(\.mistake)) == [.surroundingSpace, .fieldNames])
        let three = try client.explain(
            client.post(#"{"cardNo":"张","b":null,"amt":1.0}"#, signing: #"{"amt":1,"cardNo":"\u5f20"}"#))
        #expect(Set(three.findings.map(\.mistake)) == [.emptyValues, .fieldNames, .textEncoding])
        let hex = client.message(
            .post, "/", Array(#"{"cardNo":"1"}"#.utf8),
            signature: hexText(try client.signature(client.text(#"{"cardNo":"1"}"#.utf8))))
        #expect(Set(try client.explain(hex).findings.map(\.mistake)) == [.fieldNames, .versionKeyOrEncoding])
        // Four are too many to be found.
        let four = try client.explain(
            client.post(#"{"cardNo":"张","b":null,"amt":1.0}"#, signing: #"{"amt":1.0,"cardNo":"\u5f20"}"#))
        #expect(four.findings.map(\.mistake) == [.versionKeyOrEncoding, .changedMessage])
        #expect(four.findings.allSatisfy { $0.certainty == .possible })
        let slow = try client.explain(client.post(#"{"cardNo":"1"}"#, signing: #"{"cardNo":"1"}"#)) {
            $0.receivedAt = Client.received + 900_000
        }
        #expect(slow.refusal?.code == .timestampTooOld)
        #expect(slow.findings.map(\.mistake) == [.fieldNames, .slowClock, .queued])
    }
}
