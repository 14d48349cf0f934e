import HTTPTypes
import RequestSigning
import Testing

@Suite("Broken message signatures are refused")
struct MessageRefusalTests {
    static let signature = "a=:AAAA:"

    static let inputs: [(String, String, SigningRefusal.Code)] = [
        ("", signature, .signatureInputMalformed),
        ("a", signature, .signatureInputMalformed),
        ("a=", signature, .signatureInputMalformed),
        ("a=1", signature, .signatureInputMalformed),
        ("a=\"@method\"", signature, .signatureInputMalformed),
        ("A=()", signature, .signatureInputMalformed),
        ("a=(", signature, .signatureInputMalformed),
        ("a=()x", signature, .signatureInputMalformed),
        ("a=(),", signature, .signatureInputMalformed),
        ("a=(), a=()", signature, .signatureInputMalformed),
        ("a=(\"x\"\"y\")", signature, .signatureInputMalformed),
        ("a=(x)", signature, .signatureInputMalformed),
        ("a=(\"x)", signature, .signatureInputMalformed),
        ("a=(\"\\x\")", signature, .signatureInputMalformed),
        ("a=(\"\u{E9}\")", signature, .signatureInputMalformed),
        ("a=(\t)", signature, .signatureInputMalformed),
        ("a=();created=1234567890123456", signature, .signatureInputMalformed),
        ("a=();created=-", signature, .signatureInputMalformed),
        ("a=();created=1.", signature, .signatureInputMalformed),
        ("a=();created=1.1234", signature, .signatureInputMalformed),
        ("a=();created=1234567890123.1", signature, .signatureInputMalformed),
        ("a=();created=?2", signature, .signatureInputMalformed),
        ("a=();created=:AA", signature, .signatureInputMalformed),
        ("a=();", signature, .signatureInputMalformed),
        ("a=();created=1.5", signature, .signatureInputMalformed),
        ("a=();created=\"1\"", signature, .signatureInputMalformed),
        ("a=();created", signature, .signatureInputMalformed),
        ("a=();created=1;created=1", signature, .signatureInputMalformed),
        ("a=();nonce=token", signature, .signatureInputMalformed),
        ("a=();alg=:AAAA:", signature, .signatureInputMalformed),
        ("a=();other=1", signature, .signatureInputMalformed),
        (labels(9), signature, .signatureInputMalformed),
        ("a=(\(names(65)))", signature, .signatureInputMalformed),
        ("a=(\"x\";tr)", signature, .componentUnsupported),
        ("a=(\"x\";req)", signature, .componentUnsupported),
        ("a=(\"x\";bs;sf)", signature, .componentUnsupported),
        ("a=(\"x\";sf;sf)", signature, .componentUnsupported),
        ("a=(\"x\";sf=?0)", signature, .componentUnsupported),
        ("a=(\"x\";key=k)", signature, .componentUnsupported),
        ("a=(\"x\";unknown)", signature, .componentUnsupported),
        ("a=(\"x\" \"x\")", signature, .componentRepeated),
        ("a=(\"x\";key=\"k\" \"x\";key=\"k\")", signature, .componentRepeated),
        ("a=()", "", .signatureMalformed),
        ("a=()", "a", .signatureMalformed),
        ("a=()", "a=1", .signatureMalformed),
        ("a=()", "a=()", .signatureMalformed),
        ("a=()", "a=::", .signatureMalformed),
        ("a=()", "a=:AAAA", .signatureMalformed),
        ("a=()", "a=:AAA:", .signatureMalformed),
        ("a=()", "a=:AAB=:", .signatureMalformed),
        ("a=()", "a=:A===:", .signatureMalformed),
        ("a=()", "a=:AA=A:", .signatureMalformed),
        ("a=()", "a=:====:", .signatureMalformed),
        ("a=()", "a=:AA-_:", .signatureMalformed),
        ("a=()", "a=:AAAA:;x", .signatureMalformed),
        ("a=()", "a=:AAAA:, a=:AAAA:", .signatureMalformed),
        ("a=()", "b=:AAAA:", .signatureMissing),
    ]

    static func labels(_ count: Int) -> String {
        (0..<count).map { "a\($0)=()" }.joined(separator: ", ")
    }

    static func names(_ count: Int) -> String {
        (0..<count).map { "\"x\($0)\"" }.joined(separator: " ")
    }

    @Test("Every broken Signature-Input and Signature has its code", arguments: inputs)
    func brokenFields(_ input: String, _ signature: String, _ code: SigningRefusal.Code) {
        let fields: HTTPFields = [.signatureInput: input, .signature: signature]
        #expect(refusal { _ = try MessageSignature.all(in: fields) } == code)
        #expect(refusal { _ = try MessageSignature(labeled: "a", in: fields) } == code)
    }

    @Test("A missing field is a missing signature")
    func missingFields() {
        #expect(refusal { _ = try MessageSignature.all(in: [.signatureInput: "a=()"]) } == .signatureMissing)
        #expect(refusal { _ = try MessageSignature.all(in: [.signature: "a=:AAAA:"]) } == .signatureMissing)
        let fields: HTTPFields = [.signatureInput: "a=()", .signature: "a=:AAAA:"]
        #expect(refusal { _ = try MessageSignature(labeled: "b", in: fields) } == .signatureMissing)
    }

    @Test("Signatures meant for others are left out, not refused")
    func signaturesOfOthers() throws {
        let fields: HTTPFields = [
            .signatureInput: "p=(\"x\";tr), q=();x=2.5;y=a/b;z=:AA:, a=(\"@method\"), r=()",
            .signature: "p=:AAAA:, q=:AAAA:, a=:AAAA:, s=tok",
        ]
        #expect(try MessageSignature.all(in: fields).map(\.label) == ["a"])
        #expect(refusal { _ = try MessageSignature(labeled: "p", in: fields) } == .componentUnsupported)
        #expect(refusal { _ = try MessageSignature(labeled: "r", in: fields) } == .signatureMissing)
    }

    @Test("Eight labels and 64 components are read")
    func limits() throws {
        let values = (0..<8).map { "a\($0)=:AAAA:" }.joined(separator: ", ")
        let fields: HTTPFields = [.signatureInput: Self.labels(8), .signature: values]
        #expect(try MessageSignature.all(in: fields).count == 8)
        let many: HTTPFields = [.signatureInput: "a=(\(Self.names(64)))", .signature: "a=:AAAA:"]
        #expect(try MessageSignature.all(in: many)[0].parameters.components.count == 64)
    }

    static let requestComponents: [(MessageComponent, SigningRefusal.Code)] = [
        (MessageComponent("@unknown"), .componentUnsupported),
        (MessageComponent("@signature-params"), .componentUnsupported),
        (.status, .componentUnsupported),
        (MessageComponent("@method", .structuredField), .componentUnsupported),
        (MessageComponent("@query-param"), .componentUnsupported),
        (MessageComponent("x-plain", .queryParameter("a")), .componentUnsupported),
        (MessageComponent("x-plain", .structuredField), .componentUnsupported),
        (MessageComponent("client-cert", .member("a")), .componentUnsupported),
        (MessageComponent("absent"), .componentMissing),
        (MessageComponent("X-Plain"), .componentMissing),
        (MessageComponent(""), .componentMissing),
        (MessageComponent("absent", .byteSequences), .componentMissing),
        (MessageComponent("priority", .structuredField), .componentMissing),
        (MessageComponent("priority", .member("u")), .componentMissing),
        (.queryParameter("absent"), .componentMissing),
        (.queryParameter("a b"), .componentMissing),
        (.queryParameter("twice"), .componentMalformed),
        (.queryParameter("gbk"), .componentMalformed),
        (MessageComponent("x-plain", .member("z")), .componentMalformed),
        (MessageComponent("x-broken", .member("z")), .componentMalformed),
        (MessageComponent("x-bytes", .member("z")), .componentMalformed),
        (MessageComponent("x-dates", .member("z")), .componentMalformed),
        (MessageComponent("content-digest", .structuredField), .componentMalformed),
        (MessageComponent("x-long", .member("z")), .componentMalformed),
        (MessageComponent("x-latin"), .componentMalformed),
        (MessageComponent("x-plain\n\"@method\": PUT"), .componentMalformed),
        (MessageComponent("x-plain", .member("\u{E9}")), .componentMalformed),
    ]

    @Test("What a request can't give is not signed", arguments: requestComponents)
    func components(_ component: MessageComponent, _ code: SigningRefusal.Code) {
        var request = HTTPRequest(
            method: .get, scheme: "https", authority: "a",
            path: "/p?twice=1&twice=2&gbk=%D6%D0&a%20b=1&plain=%zz")
        request.headerFields = [
            .name("X-Plain"): "a=1, b", .name("X-Broken"): "a=", .name("X-Bytes"): "z=:AA:",
            .name("X-Dates"): "z=@1", .name("Content-Digest"): "sha-256=:A:", .name("X-Latin"): "caf\u{E9}",
            .name("X-Long"): "z=1, " + String(repeating: "a", count: 4096),
        ]
        let parameters = SignatureParameters(covering: [.path, component])
        #expect(refusal { _ = try SignatureBase(parameters, of: request) } == code)
    }

    @Test("What a target of another form doesn't have is not signed")
    func otherTargets() {
        let whole = HTTPRequest(method: .get, scheme: "https", authority: "a", path: "https://a/p?q")
        let star = HTTPRequest(method: .options, scheme: nil, authority: "u@a", path: "*")
        let connect = HTTPRequest(method: .connect, scheme: nil, authority: nil, path: "/p")
        for request in [whole, star, connect] {
            for component in [MessageComponent.path, .query, .targetURI, .queryParameter("q")] {
                let parameters = SignatureParameters(covering: [component])
                #expect(refusal { _ = try SignatureBase(parameters, of: request) } == .componentMissing)
            }
        }
        #expect(missing(.scheme, star) && missing(.authority, star) && missing(.requestTarget, connect))
        let spaced = HTTPRequest(method: .get, scheme: "https", authority: "a", path: "/p q\u{E9}")
        let parameters = SignatureParameters(covering: [.path])
        #expect(refusal { _ = try SignatureBase(parameters, of: spaced) } == .componentMalformed)
    }

    @Test("An application's own parameters are checked as well")
    func ownParameters() {
        let request = HTTPRequest(method: .get, scheme: "https", authority: "a", path: "/")
        let twice = SignatureParameters(covering: [.path, .path])
        #expect(refusal { _ = try SignatureBase(twice, of: request) } == .componentRepeated)
        let lines = SignatureParameters(covering: [.path], nonce: "a\nb")
        #expect(refusal { _ = try SignatureBase(lines, of: request) } == .componentMalformed)
    }

    private func missing(_ component: MessageComponent, _ request: HTTPRequest) -> Bool {
        let parameters = SignatureParameters(covering: [component])
        return refusal { _ = try SignatureBase(parameters, of: request) } == .componentMissing
    }
}

/// The code a call is refused with.
func refusal(_ body: () throws -> Void) -> SigningRefusal.Code? {
    do {
        try body()
        return nil
    } catch let refusal as SigningRefusal {
        return refusal.code
    } catch {
        return nil
    }
}
