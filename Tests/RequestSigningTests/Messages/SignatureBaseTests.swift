import Foundation
import HTTPTypes
import RequestSigning
import Testing

@Suite("RFC 9421 signature base")
struct SignatureBaseTests {
    @Test("The vectors are all there")
    func vectorsAreThere() throws {
        let vectors = try #require(MessageVectors.all)
        #expect(vectors.signatures.count == 15)
        #expect(vectors.components.flatMap(\.lines).count == 34)
        #expect(vectors.digests.count == 5)
    }

    @Test(
        "The RFC's messages give the RFC's signature bases",
        arguments: MessageVectors.all?.signatures ?? [])
    func examples(_ vector: MessageVectors.Signature) throws {
        let signature = try MessageSignature(labeled: vector.label, in: vector.signedFields)
        let base = try vector.signatureBase(signature.parameters)
        #expect(String(decoding: base.bytes, as: UTF8.self) == vector.base)
        #expect(Data(signature.bytes).base64EncodedString() == vector.signature)
        #expect(signature.inputFieldValue == "\(vector.label)=\(vector.input)")
        #expect(signature.fieldValue == "\(vector.label)=:\(vector.signature):")
        #expect(try MessageSignature.all(in: vector.signedFields) == [signature])
    }

    @Test("The RFC's component values", arguments: MessageVectors.all?.components ?? [])
    func components(_ vector: MessageVectors.Components) throws {
        let identifiers = try vector.lines.map { line in
            try String(line[..<#require(line.range(of: ": ")).lowerBound])
        }
        var fields = vector.message.headerFields
        fields[.signatureInput] = "a=(\(identifiers.joined(separator: " ")))"
        fields[.signature] = "a=:AA==:"
        let parameters = try MessageSignature(labeled: "a", in: fields).parameters
        let kinds = vector.kinds.mapValues { _ in StructuredFieldKind.dictionary }
        let base = try SignatureBase(parameters, of: vector.message.request, kinds: kinds)
        let lines = String(decoding: base.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.dropLast().map(String.init) == vector.lines)
        #expect(parameters.components.map(\.description) == identifiers)
        #expect(SignatureParameters(covering: parameters.components) == parameters)
    }

    @Test("Parameters made are the parameters read")
    func parametersMade() throws {
        let made = SignatureParameters(
            covering: [
                .method, .queryParameter("a"), MessageComponent("x", .member("k\"\\")), .contentDigest,
            ],
            created: 1_700_000_000, expires: -5, nonce: "n", algorithm: "ed25519", keyID: "k \"1\"", tag: "")
        let signature = MessageSignature(label: "*a-1", parameters: made, bytes: [1, 2, 3, 4])
        let fields: HTTPFields = [
            .signatureInput: signature.inputFieldValue, .signature: signature.fieldValue,
        ]
        #expect(try MessageSignature.all(in: fields) == [signature])
        #expect(
            signature.inputFieldValue == #"*a-1=("@method" "@query-param";name="a" "x";key="k\"\\" "#
                + #""content-digest");created=1700000000;expires=-5;nonce="n";alg="ed25519";"#
                + #"keyid="k \"1\"";tag="""#)
    }

    @Test("Loose white space and forms are read and written strictly")
    func strictForm() throws {
        let fields: HTTPFields = [
            .signatureInput: "  a=(  \"@method\"   \"x\"; sf=?1  ); created=000017;  keyid=\"k\" ",
            .signature: "b=:AAAA:,\ta=:AAAB:  ",
        ]
        let signature = try MessageSignature(labeled: "a", in: fields)
        #expect(signature.inputFieldValue == "a=(\"@method\" \"x\";sf);created=17;keyid=\"k\"")
        #expect(signature.bytes == [0, 0, 1])
    }

    @Test(
        "The authority is normalized",
        arguments: [
            ("https", "Example.COM", "example.com"), ("https", "a:443", "a"), ("http", "a:80", "a"),
            ("https", "a:80", "a:80"), ("http", "a:443", "a:443"), ("HTTP", "a:80", "a"),
            ("https", "a:", "a"), ("https", "[::1]:443", "[::1]"),
            ("https", "[2001:DB8::1]", "[2001:db8::1]"), (nil, "a:443", "a:443"),
        ])
    func authority(_ scheme: String?, _ authority: String, _ expected: String) throws {
        let request = HTTPRequest(method: .get, scheme: scheme, authority: authority, path: "/p?q")
        let base = try SignatureBase(SignatureParameters(covering: [.authority]), of: request)
        #expect(base.bytes.starts(with: "\"@authority\": \(expected)\n".utf8))
        guard let scheme else { return }
        let address = try SignatureBase(SignatureParameters(covering: [.targetURI]), of: request)
        let line = "\"@target-uri\": \(scheme.lowercased())://\(expected)/p?q\n"
        #expect(address.bytes.starts(with: line.utf8))
    }

    @Test("Cookie lines of HTTP/2 are one cookie")
    func cookies() throws {
        var request = HTTPRequest(method: .get, scheme: "https", authority: "a", path: "/")
        request.headerFields.append(HTTPField(name: .cookie, value: "a=1"))
        request.headerFields.append(HTTPField(name: .cookie, value: "b=2"))
        let parameters = SignatureParameters(covering: [MessageComponent("cookie")])
        let base = try SignatureBase(parameters, of: request)
        #expect(base.bytes.starts(with: "\"cookie\": a=1; b=2\n".utf8))
    }
}
