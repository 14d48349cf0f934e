import HTTPTypes
import RequestSigning
import Testing

@Suite("Saved requests: curl command lines")
struct SavedRequestCurlTests {
    private func read(_ line: String, files: [String: [UInt8]] = [:]) throws(UnreadableRequest) -> HTTPMessage
    {
        try SavedRequest(curl: Array(line.utf8)) { files[$0] }.message
    }

    @Test("A browser's “copy as cURL” is read with its quotes, escapes and line continuations")
    func browser() throws {
        let message = try read(
            #"""
            $ curl 'https://gw.example/v3/claims' \
              -X 'POST' -H 'x-nonce: a'"'"'b' -H "accept: */\*" \
              --data-raw $'{"name":"\u5f20\'\\x\x41\101\n","cost":"$5"}' \
              --compressed --no-insecure -sSL | jq .
            """#)
        #expect(message.head.method == .post)
        #expect(message.head.scheme == "https" && message.head.authority == "gw.example")
        #expect(message.head.path == "/v3/claims")
        #expect(message.head.headerFields[.xNonce] == "a'b")
        #expect(message.head.headerFields[.accept] == #"*/\*"#)
        #expect(message.head.headerFields[.contentType] == "application/x-www-form-urlencoded")
        #expect(message.body == Array("{\"name\":\"张'\\xAA\n\",\"cost\":\"$5\"}".utf8))
    }

    @Test(
        "Words end and join where a shell ends and joins them",
        arguments: [
            (#"curl a -d x"y z"\ \'w''"#, "xy z 'w"), ("curl a -d ''", ""),
            (#"curl a -d "\a\$\`\"\\""#, #"\a$`"\"#),
            ("curl a -d 'x'; rm -rf y", "x"), ("curl a -d 'x' 2>/dev/null", "x"), ("curl a -d x & wait", "x"),
            ("curl a -d x#y # -d z", "x#y"), ("curl a \\\r\n  -d x\\\ny\r\n -d z", "xy"),
            ("curl a -d 5$", "5$"),
            (#"curl a -d "a\"# + "\n" + #"b $""#, "ab $"),
            (#"curl a -d $'\t\e\?\q\cA\x\u\08'"#, "\t\u{1b}?\\q\u{1}\\x\\u\0" + "8"),
            (#"curl a -d $'\U1f600\ud800'"#, "😀\u{fffd}"), ("\n\ncurl a -d x", "x"), ("curl a -d x >2", "x"),
        ])
    func words(line: String, body: String) throws {
        #expect(try read(line).body == Array(body.utf8))
    }

    @Test("Data are joined as curl joins them, from files too")
    func data() throws {
        let files: [String: [UInt8]] = ["f": Array("a\r\nb\0c".utf8), "-": Array("in&".utf8)]
        #expect(try read("curl h -d a=1 -d @f --data-ascii c", files: files).body == Array("a=1&abc&c".utf8))
        #expect(try read("curl h --data-binary @f", files: files).body == files["f"])
        #expect(try read("curl h --data-raw @f", files: files).body == Array("@f".utf8))
        #expect(
            try read("curl h --data-urlencode 'n=张 ~' --data-urlencode =a/b --data-urlencode 'c d'").body
                == Array("n=%E5%BC%A0%20~&a%2Fb&c%20d".utf8))
        #expect(
            try read("curl h --data-urlencode n@- --data-urlencode @-", files: files).body
                == Array("n=in%26&in%26".utf8))
        let json = try read("curl --json '{\"a\":' --json 1} h")
        #expect(json.body == Array("{\"a\":1}".utf8))
        #expect(json.head.headerFields[.contentType] == "application/json")
        #expect(json.head.headerFields[.accept] == "application/json")
    }

    @Test("-G puts the data into the query, -X and -I choose the method")
    func method() throws {
        let query = try read("curl -G 'h/p?x=1' -d cardNo=6 --data-urlencode 'n=a b'")
        #expect(
            query.head.method == .get && query.head.path == "/p?x=1&cardNo=6&n=a%20b" && query.body.isEmpty)
        #expect(query.head.headerFields[.contentType] == nil)
        #expect(try read("curl -G h -d a=1").head.path == "/?a=1")
        #expect(try read("curl -I h?q").head.method == .head)
        #expect(try read("curl -I h?q").head.path == "/?q")
        #expect(try read("curl -G h#f -d a=1").head.path == "/?a=1")
        #expect(try read("curl -XDELETE h").head.method == .delete)
        #expect(try read("curl -sSXPUT -d a h").head.method == .put)
    }

    @Test("Fields are set, emptied and taken away as curl does it")
    func fields() throws {
        let head = try read(
            "curl u:p@h:81 -H 'X-Nonce;' -H Content-Type: -H 'Host: other' -A me -e from -b a=1 -b jar -b c=2 "
                + ""
                + ""
                + ""
                + ""
                + ""
                + ""
                + ""
                + "-u q:r -d x"
        ).head
        #expect(head.authority == "other" && head.scheme == "http")
        #expect(head.headerFields[.xNonce] == "")
        #expect(head.headerFields[.contentType] == nil)
        #expect(head.headerFields[.userAgent] == "me" && head.headerFields[.referer] == "from")
        #expect(head.headerFields[.cookie] == "a=1;c=2" && head.headerFields[.authorization] == "Basic cTpy")
        let file = try read("curl h -H @f", files: ["f": Array("X-Nonce: 1\r\nAccept: 2\n".utf8)]).head
        #expect(file.headerFields[.xNonce] == "1" && file.headerFields[.accept] == "2")
        #expect(try read("curl u:p@h:81").head.authority == "h:81")
        let last = try read(
            "curl h -A a -A b -e c -e '' -H 'Authorization: t' -u q:r -H 'accept: x' --json 1"
        ).head
        #expect(last.headerFields[.userAgent] == "b" && last.headerFields[.referer] == nil)
        #expect(last.headerFields[.authorization] == "t" && last.headerFields[.accept] == "x")
    }

    @Test(
        "What can't be replayed is refused by name",
        arguments: [
            ("", UnreadableRequest.Reason.notCurl, ""), ("wget h", .notCurl, ""), ("curl", .badTarget, ""),
            ("curl 'h", .openQuote, ""), ("curl \"h", .openQuote, ""), ("curl $'h\\'", .openQuote, ""),
            ("curl \"h\\", .openQuote, ""), ("curl h -d $TOKEN", .shellExpansion, ""),
            ("curl h -d \"$(date)\"", .shellExpansion, ""), ("curl h -d `date`", .shellExpansion, ""),
            ("curl h -d \"${a}\"", .shellExpansion, ""), ("curl h -d", .missingArgument, "-d"),
            ("curl h --data", .missingArgument, "--data"), ("curl h --nope", .unknownOption, "--nope"),
            ("curl h -$", .unknownOption, "-$"), ("curl h -F a=b", .unsupportedOption, "-F"),
            ("curl h --no-data", .unknownOption, "--no-data"),
            ("curl h i", .unsupportedOption, "two addresses"),
            ("curl h -d @x", .unreadableFile, "x"), ("curl 'h/a b'", .badTarget, ""),
            ("curl ftp://h", .badTarget, "ftp"), ("curl http:///x", .badTarget, ""),
            ("curl h -H x", .badField, "-H"),
            ("curl h -X 'A B'", .badField, "-X"), ("curl h -I -d x", .unsupportedOption, "-I"),
            ("curl 'h/{a,b}'", .unsupportedOption, "{} []"), ("curl -G h -d 'a b'", .badTarget, ""),
        ])
    func refused(line: String, reason: UnreadableRequest.Reason, place: String) throws {
        let error = try #require(throws: UnreadableRequest.self) { try read(line) }
        #expect(error.reason == reason)
        #expect(error.place == place)
    }

    @Test(
        "Dots in the path are resolved unless told otherwise, and braces stand for themselves with -g",
        arguments: [
            ("h/a/../b/./c?x=/../", "/b/c?x=/../"), ("h/../../a", "/a"), ("h/a/..", "/"), ("h/a/.", "/a/"),
            ("h/a//../b", "/a/b"), ("h/a/../b --path-as-is", "/a/../b"), ("-g 'h/{a}?b[]=1'", "/{a}?b[]=1"),
            ("h/a..b/.c", "/a..b/.c"),
        ])
    func address(arguments: String, path: String) throws {
        #expect(try read("curl \(arguments)").head.path == path)
    }

    @Test("Options that change nothing are passed over with their arguments, and `--` ends them")
    func passedOver() throws {
        let head = try read("/usr/bin/curl -o out -w '%{http_code}' --max-time 3 -k --http2 --url h -vv").head
        #expect(head.authority == "h")
        #expect(try read("curl -- -d").head.authority == "-d")
        #expect(try read("curl.exe -m3 h").head.authority == "h")
    }
}
