import HTTPTypes
import RequestSigning
import Testing

@Suite("Saved requests: raw HTTP/1.1")
struct SavedRequestHTTP1Tests {
    private func read(_ text: String) throws(UnreadableRequest) -> SavedRequest {
        try SavedRequest(http1: Array(text.utf8))
    }

    @Test("Request line, host, fields and body come out as they stand", arguments: ["\r\n", "\n"])
    func whole(lineEnd: String) throws {
        let lines = [
            "POST /v3/claims?a=1 HTTP/1.1", "Host: gw.example:8443", "X-Nonce:  abc ", "Content-Length: 9",
            "",
            "{\"a\":\"é\"}\n",
        ]
        let saved = try read(lines.joined(separator: lineEnd))
        #expect(saved.message.head.method == .post)
        #expect(saved.message.head.path == "/v3/claims?a=1")
        #expect(saved.message.head.authority == "gw.example:8443")
        #expect(saved.message.head.scheme == "https")
        #expect(saved.message.head.headerFields[.xNonce] == "abc")
        #expect(saved.message.body == Array("{\"a\":\"é\"".utf8))
        #expect(saved.sentAt == nil)
    }

    @Test("Without Content-Length every byte that follows is the body")
    func rest() throws {
        let saved = try SavedRequest(http1: Array("PUT / HTTP/1.1\n\n".utf8) + [0xff, 0x0a, 0x0d, 0x0a])
        #expect(saved.message.body == [0xff, 0x0a, 0x0d, 0x0a])
    }

    @Test("A proxy's request line names scheme and host")
    func absolute() throws {
        let head = try read("\nGET http://a.example/x?y#z HTTP/1.1\n\n").message.head
        #expect(head.scheme == "http" && head.authority == "a.example" && head.path == "/x?y")
    }

    @Test("A chunked body is put together, extensions and trailers left out")
    func chunked() throws {
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
        let body = "4;x=1\r\nab\r\n\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n"
        #expect(try read(head + body).message.body == Array("ab\r\n0123456789".utf8))
        for broken in [
            "", "4\r\nab", "zz\r\nab\r\n", "2\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "ffffffffffffffff\r\n",
        ] {
            #expect(throws: UnreadableRequest.self, "\(broken)") { try read(head + broken) }
        }
    }

    @Test(
        "The Date field tells when it was sent",
        arguments: [
            ("Tue, 14 Nov 2023 22:13:20 GMT", 1_700_000_000_000 as Int64?),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 14 Nov 2023 22:13:20 CST", nil), ("Tue, 14 Nov 2023 25:13:20 GMT", nil),
            ("yesterday", nil),
            ("Tue, 14 Noo 2023 22:13:20 GMT", nil), ("Tue, 0 Nov 2023 22:13:20 GMT", nil),
        ])
    func date(text: String, milliseconds: Int64?) throws {
        #expect(try read("GET / HTTP/1.1\nDate: \(text)\n\n").sentAt == milliseconds)
    }

    @Test(
        "What is no request is refused, with the line",
        arguments: [
            ("", UnreadableRequest.Reason.noRequestLine, ""), ("\r\n\r\n", .noRequestLine, ""),
            ("GET /", .noRequestLine, ""), ("G(T / HTTP/1.1\n\n", .noRequestLine, ""),
            ("GET  HTTP/1.1 x", .noRequestLine, ""), ("GET ftp://a/b HTTP/1.1\n\n", .badTarget, "ftp"),
            ("GET / HTTP/1.1\nA: 1\nno colon\n\n", .badField, "line 3"),
            ("GET / HTTP/1.1\nA B: 1\n\n", .badField, "line 2"),
            ("POST / HTTP/1.1\nContent-Length: 3\n\nab", .bodyTooShort, ""),
            ("POST / HTTP/1.1\nContent-Length: -3\n\nab", .badField, "Content-Length"),
        ])
    func refused(text: String, reason: UnreadableRequest.Reason, place: String) throws {
        let error = try #require(throws: UnreadableRequest.self) { try read(text) }
        #expect(error.reason == reason)
        #expect(error.place == place)
        #expect(error.text.english.hasSuffix(place) && error.text.chinese.hasSuffix(place))
    }
}

extension HTTPField.Name {
    static var xNonce: Self { Self("X-Nonce") ?? .accept }
}
