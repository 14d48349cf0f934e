import HTTPTypes
import RequestSigning
import Testing

@Suite("Saved requests: HAR files")
struct HARFileTests {
    private func file(_ entries: String...) -> [UInt8] {
        Array("\u{feff}{\"log\":{\"version\":\"1.2\",\"entries\":[\(entries.joined(separator: ","))]}}".utf8)
    }

    private let get = """
        {"startedDateTime":"2023-11-15T06:13:20.5+08:00","request":{"method":"GET",
        "url":"https://a.example/x?y=1#z",
        "headers":[{"name":":authority","value":"b"},{"name":"Host","value":"c.example"},
        {"name":"Content-Length","value":"0"},{"name":"Accept","value":"*/*"}]}}
        """

    private func post(_ data: String, time: String = "2023-11-14T22:13:20Z") -> String {
        """
        {"startedDateTime":"\(time)","request":{"method":"POST","url":"http://a.example",
        "headers":[{"name":"X-Api-Version","value":"v3.2.0"}],"postData":\(data)}}
        """
    }

    @Test("Entries are listed, and read as what was sent")
    func entries() throws {
        let har = try HARFile(
            parsing: file(get, "{\"request\":{}}", post("{\"text\":\"{\\\"a\\\":\\\"张\\\"}\"}")))
        #expect(har.entries.map(\.method) == ["GET", "POST"])
        #expect(har.entries.first?.url == "https://a.example/x?y=1#z")
        let first = try har.request(at: 0)
        #expect(first.sentAt == 1_700_000_000_500)
        #expect(first.message.head.authority == "c.example" && first.message.head.path == "/x?y=1")
        #expect(first.message.head.headerFields.map(\.name.rawName) == ["Accept"])
        #expect(first.message.body.isEmpty)
        let second = try har.request(at: 1)
        #expect(second.sentAt == 1_700_000_000_000)
        #expect(second.message.head.path == "/" && second.message.head.scheme == "http")
        #expect(second.message.body == Array("{\"a\":\"张\"}".utf8))
        #expect(throws: UnreadableRequest.self) { try har.request(at: 2) }
        #expect(throws: UnreadableRequest.self) { try har.request(at: -1) }
    }

    @Test("A refusal of the signature that came back is read, in clear or in Base64")
    func answers() throws {
        func answer(_ content: String) throws -> SigningRefusal? {
            let entry = get.dropLast() + ",\"response\":{\"status\":401,\"content\":\(content)}}"
            return try HARFile(parsing: file(String(entry))).request(at: 0).answer
        }
        let refusal = SigningRefusal(.nonceReplayed, "Used.")
        let problem = #"{\"code\":\"nonce_replayed\",\"detail\":\"Used.\"}"#
        #expect(try answer("{\"text\":\"\(problem)\"}") == refusal)
        let base64 = "eyJjb2RlIjoibm9uY2VfcmVwbGF5ZWQiLCJkZXRhaWwiOiJVc2VkLiJ9"
        #expect(try answer("{\"text\":\"\(base64)\",\"encoding\":\"base64\"}") == refusal)
        for other in [
            #"{"text":"{\"code\":\"revoked\"}"}"#, #"{"text":"<html>"}"#, #"{"text":""}"#, "{}", "null",
        ] {
            #expect(try answer(other) == nil)
        }
        #expect(try HARFile(parsing: file(get)).request(at: 0).answer == nil)
    }

    @Test("The last signed call is found by itself")
    func signed() throws {
        let har = try HARFile(parsing: file(get, post("{\"text\":\"{}\"}"), get))
        #expect(try har.signedRequest().message.head.method == .post)
        #expect(throws: UnreadableRequest.self) { try HARFile(parsing: file(get)).signedRequest() }
    }

    @Test(
        "A body comes as text, in Base64 or as parameters",
        arguments: [
            ("{\"text\":\"YQ==\",\"encoding\":\"base64\"}", "a"), ("{\"text\":\"\"}", ""), ("{}", ""),
            ("null", ""),
            ("{\"params\":[{\"name\":\"a b\",\"value\":\"张\"},{\"name\":\"c\"}]}", "a%20b=%E5%BC%A0&c="),
        ])
    func body(data: String, expected: String) throws {
        #expect(try HARFile(parsing: file(post(data))).request(at: 0).message.body == Array(expected.utf8))
    }

    @Test(
        "Times are read with their zone",
        arguments: [
            ("2023-11-14T17:13:20.123456-05:00", 1_700_000_000_123 as Int64?), ("2023-11-14T22:13:20", nil),
            ("2023-11-14 22:13:20Z", nil), ("2023-13-14T22:13:20Z", nil), ("", nil), ("T", nil),
            ("2023-11-14TZ", nil),
            ("2023-11-14T22:13:20.xZ", nil), ("2023-11-14T22:13:20+8", nil),
        ])
    func times(text: String, milliseconds: Int64?) throws {
        let har = try HARFile(parsing: file(post("{}", time: text)))
        #expect(har.entries.first?.startedAt == milliseconds)
    }

    @Test(
        "Anything else is refused", arguments: ["", "[]", "{\"log\":{}}", "{\"log\":{\"entries\":{}}}", "{"])
    func refused(text: String) throws {
        let error = try #require(throws: UnreadableRequest.self) { try HARFile(parsing: Array(text.utf8)) }
        #expect(error.reason == .notHAR)
        for entry in [post("{\"text\":\"?\",\"encoding\":\"base64\"}")] {
            #expect(throws: UnreadableRequest.self) { try HARFile(parsing: file(entry)).request(at: 0) }
        }
        let names = "{\"request\":{\"method\":\"A B\",\"url\":\"h\"}}"
        #expect(throws: UnreadableRequest.self) { try HARFile(parsing: file(names)).request(at: 0) }
        let fields =
            "{\"request\":{\"method\":\"GET\",\"url\":\"h\",\"headers\":[{\"name\":\"a b\",\"value\":\"\"}]}}"
        #expect(throws: UnreadableRequest.self) { try HARFile(parsing: file(fields)).request(at: 0) }
    }
}
