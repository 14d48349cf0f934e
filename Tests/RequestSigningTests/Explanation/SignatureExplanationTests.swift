import HTTPTypes
import RequestSigning
import Testing

@Suite("Why a signature failed: the explanation itself")
struct SignatureExplanationTests {
    private let client = Client(version: "v3.2.0")

    @Test("The seventeen are numbered in order, and every mistake has a cause and a cure in both languages")
    func mistakes() {
        let numbered: [SignatureMistake] = [
            .slowClock, .milliseconds, .unreadableTime, .windowEdge, .queued, .replayedNonce, .fastClock,
            .badNonce,
            .nonceUsedElsewhere, .surroundingSpace, .emptyValues, .decodedNonce, .fieldNames, .numberText,
            .textEncoding, .memberOrder, .versionKeyOrEncoding,
        ]
        #expect(SignatureMistake.allCases.compactMap(\.number) == Array(1...17))
        #expect(SignatureMistake.allCases.filter { $0.number != nil } == numbered)
        let mistakes = SignatureMistake.allCases
        #expect(Set(mistakes.map(\.cause.english)).count == mistakes.count)
        #expect(Set(mistakes.map(\.cause.chinese)).count == mistakes.count)
        for mistake in mistakes {
            for text in [mistake.cause, mistake.cure] {
                #expect(!text.english.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) })
                #expect(text.chinese.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) })
            }
        }
    }

    @Test("It is one JSON object, the same words in it as in its properties")
    func json() throws {
        let explanation = try client.explain(
            client.post(#"{"a":"1\u001b","b":null}"#, signing: #"{"a":"1\u001b"}"#))
        let json = try JSONDocument(parsing: explanation.json)
        #expect(
            json.root.members.map(\.name) == ["verdict", "profile", "key_id", "refusal", "findings", "steps"])
        #expect(json.string(at: "verdict") == "refused" && json.string(at: "profile") == "v3.2.0")
        #expect(json.string(at: "key_id") == "device-7")
        #expect(json.string(at: "refusal", "code") == "signature_mismatch")
        let finding = try #require(json["findings"]?.elements.first)
        #expect(finding["mistake"]?.string == "empty_missing_null" && finding["number"]?.numberText == "11")
        #expect(finding["certainty"]?.string == "proven")
        #expect(finding["cure"]?["zh"]?.string == SignatureMistake.emptyValues.cure.chinese)
        #expect(finding["detail"]?["en"]?.string == explanation.findings.first?.detail.english)
        let steps = try #require(json["steps"]?.elements)
        #expect(steps.map { $0["outcome"]?.string } == explanation.steps.map(\.outcome.rawValue))
        #expect(steps.map { $0["text"]?.string } == explanation.steps.map(\.text))
        let none = SignatureExplanation(
            of: HTTPMessage(HTTPRequest(method: .get, scheme: nil, authority: nil, path: nil)))
        let empty = try JSONDocument(parsing: none.json)
        #expect(
            empty["profile"]?.kind == .null
                && empty["findings"]?.elements.first?["number"]?.numberText == "17")
    }

    @Test("Steps show each stage of the canonical form, and never a secret or an expected signature")
    func steps() throws {
        let call = try client.post(#"{ "cardNo" : " 张 ", "n":1e2 }"#, signing: #"{"a":1}"#)
        let explanation = try client.explain(call)
        let texts = explanation.steps.map(\.text)
        #expect(texts.contains(#"{"cardNo":" 张 ","n":1e2}"#) && texts.contains(#"{"card_no":" 张 ","n":1e2}"#))
        let canonical = #"{"card_no":"\u5f20","n":100.0}"#
        #expect(texts.contains(canonical) && texts.contains("1700000000|\(client.nonce)|" + canonical))
        let expected = Client.mac(client.text(canonical.utf8), Client.secret)
        let shown = texts.joined() + String(decoding: explanation.json, as: UTF8.self)
        for secret in [expected, Client.secret] {
            #expect(!shown.contains(base64(secret)) && !shown.contains(hexText(secret)))
        }
    }

    @Test("Values can't move a terminal's cursor or flood it")
    func harmless() throws {
        var wrong = client
        wrong.time = "1\u{1b}[2J\u{9b}"
        let long = String(repeating: "x", count: 20_000)
        let explanation = try wrong.explain(wrong.post("{\"a\":\"\u{202e}\(long)\"}", signing: "x"))
        let shown =
            explanation.steps.map(\.text).joined() + explanation.findings.map(\.detail.english).joined()
        #expect(
            !shown.unicodeScalars.contains {
                $0.value < 0x20 && $0 != "\n" || $0 == "\u{9b}" || $0 == "\u{202e}"
            })
        #expect(explanation.steps.allSatisfy { $0.text.utf8.count < 5000 })
    }

    @Test("From stored facts, without the key, the gateway's word counts and the rest is suspicion")
    func stored() throws {
        func stored(_ message: HTTPMessage, _ code: SigningRefusal.Code) throws -> SignatureExplanation {
            try client.explain(message) {
                $0.key = nil
                $0.receivedAt = nil
                $0.refusal = SigningRefusal(code, "As stored.")
            }
        }
        let call = try client.rightCall()
        let words: [(SigningRefusal.Code, SignatureMistake, SignatureFinding.Certainty)] = [
            (.timestampTooOld, .slowClock, .likely), (.timestampInFuture, .fastClock, .proven),
            (.nonceReplayed, .replayedNonce, .proven), (.retryWithNewTimestamp, .nonceUsedElsewhere, .proven),
            (.unknownKey, .versionKeyOrEncoding, .likely), (.keyIDMissing, .missingPart, .likely),
        ]
        for (code, mistake, certainty) in words {
            let explanation = try stored(call, code)
            #expect(explanation.verdict == .refused && explanation.refusal?.detail == "As stored.")
            #expect(explanation.findings.first?.mistake == mistake)
            #expect(explanation.findings.first?.certainty == certainty)
        }
        let risky = try client.post(#"{"cardNo":" 张","b":null,"n":1.0}"#, signing: "")
        let suspected = try stored(risky, .signatureMismatch).findings
        #expect(
            suspected.map(\.mistake) == [
                .surroundingSpace, .emptyValues, .fieldNames, .numberText, .textEncoding, .memberOrder,
            ])
        #expect(suspected.allSatisfy { $0.certainty == .possible })
        let undecided = try client.explain(call) { $0.key = nil }
        #expect(undecided.verdict == .undecided && undecided.refusal == nil)
        #expect(try client.explain(call) { $0.receivedAt = nil }.verdict == .undecided)
        let held = try client.explain(call) { $0.refusal = SigningRefusal(.signatureMismatch) }
        #expect(held.verdict == .refused && held.findings.map(\.mistake) == [.versionKeyOrEncoding])
    }

    @Test("A body that can't be signed is told from one that was signed wrong")
    func unreadable() throws {
        let bodies: [(String, SignatureMistake, SigningRefusal.Code)] = [
            ("{", .unreadableBody, .invalidJSON), ("[]", .unreadableBody, .notAnObject),
            (String(repeating: "[", count: 70), .unreadableBody, .tooDeep),
            (#"{"a":1e999}"#, .numberText, .numberOutOfRange),
        ]
        for (body, mistake, code) in bodies {
            let explanation = try client.explain(client.post(body, signing: body))
            #expect(explanation.refusal?.code == code)
            #expect(explanation.findings.first?.mistake == mistake)
        }
    }

    @Test("Nothing traps, whatever bytes come in", .timeLimit(.minutes(10)))
    func fuzz() throws {
        var random = SplitMix(state: 12)
        let call = try client.post(
            #"{"cardNo":" 张é","b":null,"n":[1.50,1e2,-0,{"c":""}],"d":"1"}"#, signing: "x")
        let head =
            "POST /v3/x?a=%20b+c HTTP/1.1\r\nHost: h\r\n"
            + call.head.headerFields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let http = Array(head.utf8) + Array("\r\n".utf8) + call.body
        let curl = Array(
            #"curl "https://h/a?b" -H $'X-A: \x41\u5f20' -d @f --data-urlencode 'a=b' -XPUT -G --json {}"#
                .utf8)
        let har = Array(
            #"""
            {"log":{"entries":[{"startedDateTime":"2023-11-14T22:13:20.1Z","request":{"method":"POST",
            "url":"h/a","headers":[{"name":"X-Api-Version","value":"gm"}],
            "postData":{"text":"YQ","encoding":"base64"}}}]}}
            """#.utf8)
        var explained = 0
        for round in 0..<1200 {
            if let saved = try? SavedRequest(http1: random.mutated(http)) {
                explained += 1
                var evidence = SignatureEvidence()
                evidence.receivedAt = [Int64.min, .max, 0, Client.received][round % 4]
                evidence.sentAt = saved.sentAt
                if round % 40 == 0 { evidence.key = try client.verificationKey }
                _ = SignatureExplanation(of: saved.message, evidence: evidence).json
            }
            _ = try? SavedRequest(curl: random.mutated(curl)) { Array($0.utf8) }
            _ = try? HARFile(parsing: random.mutated(har)).signedRequest()
        }
        #expect(explained > 400)
    }
}

/// A small seeded generator (SplitMix64) for mutations that come out the same every time.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// The bytes with up to four of them changed, left out, doubled or moved.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &self))
            }
        }
        return bytes
    }
}
