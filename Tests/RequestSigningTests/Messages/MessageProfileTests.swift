import Crypto
import HTTPTypes
import RequestSigning
import Testing

@Suite("Profile rfc9421")
struct MessageProfileTests {
    static let now: Int64 = 1_700_000_000_500
    static let nonce = "abcdefghijklmnop-_12"

    static func message(_ target: String = "/v3/a?b=1", body: String = "{\"a\":1}") -> HTTPMessage {
        HTTPMessage(
            HTTPRequest(
                method: body.isEmpty ? .get : .post, scheme: "https", authority: "gateway.example",
                path: target, headerFields: [.contentType: "application/json"]),
            body: Array(body.utf8))
    }

    static func keys() throws -> [SigningKey] {
        let keys = try TestKeys()
        return [
            SigningKey(id: "k", .secret(SharedSecret(0..<32))), SigningKey(id: "k", .ed25519(keys.ed25519)),
            SigningKey(id: "k", .p256(keys.p256)), SigningKey(id: "k", .rsa(keys.rsa)),
        ]
    }

    /// A request signed with a shared secret over just these components.
    static func signed(
        _ components: [MessageComponent], of message: HTTPMessage = message(),
        created: Int64? = 1_700_000_000, expires: Int64? = nil, nonce: String? = nonce,
        algorithm: String? = nil, keyID: String? = "k"
    ) throws -> HTTPMessage {
        var message = message
        if !message.body.isEmpty {
            message.head.headerFields[.contentDigest] = ContentDigest.fieldValue(for: message.body)
        }
        let parameters = SignatureParameters(
            covering: components, created: created, expires: expires, nonce: nonce, algorithm: algorithm,
            keyID: keyID)
        let base = try SignatureBase(parameters, of: message.head)
        let bytes = base.signature(by: SymmetricKey(data: Array(UInt8(0)..<32)))
        let signature = MessageSignature(label: "s", parameters: parameters, bytes: bytes)
        message.head.headerFields[.signatureInput] = signature.inputFieldValue
        message.head.headerFields[.signature] = signature.fieldValue
        return message
    }

    static func verify(_ message: HTTPMessage, now: Int64 = now) throws -> VerifiedCall {
        let key = VerificationKey(id: "k", .secret(SharedSecret(0..<32)))
        return try RequestVerifier(.rfc9421).verify(message, now: now, key: key)
    }

    static let whole: [MessageComponent] = [.method, .path, .query, .contentDigest]

    @Test("What each kind of key signs is recognized and verified", arguments: ["/v3/a?b=1", "/v3/a", "/"])
    func roundTrip(_ target: String) throws {
        for body in ["{\"a\":1}", ""] {
            let message = Self.message(target, body: body)
            for key in try Self.keys() {
                let signer = RequestSigner(.rfc9421, key: key)
                let sent = try signer.sign(message, at: Self.now, nonce: Self.nonce)
                #expect(try RequestVerifier.profile(of: sent) == .rfc9421)
                let verifier = RequestVerifier(.rfc9421)
                let call = try verifier.verify(sent, now: Self.now, key: key.verificationKey)
                let text = try signer.signedBytes(of: message, at: Self.now, nonce: Self.nonce)
                #expect(call.content.bytes == text)
                #expect(call.time == 1_700_000_000_000 && call.nonce == Self.nonce && call.keyID == "k")
                #expect(call.content.body == message.body && call.content.parameters == nil)
                let presented = try verifier.read(sent)
                #expect(presented.label == "sig1" && presented.isWholeSeconds)
                #expect(verifier.replayToken(of: presented, in: sent) == Array(Self.nonce.utf8))
                let again = try signer.sign(sent, at: Self.now + 2000, nonce: Self.nonce + "x")
                #expect(again.head.headerFields[values: .signature].count == 1)
                _ = try verifier.verify(again, now: Self.now + 2000, key: key.verificationKey)
            }
        }
    }

    @Test("Every change to what is covered is refused")
    func changes() throws {
        for key in try Self.keys() {
            let signer = RequestSigner(.rfc9421, key: key)
            let sent = try signer.sign(Self.message(), at: Self.now, nonce: Self.nonce)
            func code(_ change: (inout HTTPMessage) -> Void) -> SigningRefusal.Code? {
                var changed = sent
                change(&changed)
                return refusal {
                    _ = try RequestVerifier(.rfc9421).verify(changed, now: Self.now, key: key.verificationKey)
                }
            }
            #expect(code { $0.head.method = .put } == .signatureMismatch)
            #expect(code { $0.head.path = "/v3/b?b=1" } == .signatureMismatch)
            #expect(code { $0.head.path = "/v3/a?b=2" } == .signatureMismatch)
            #expect(code { $0.head.authority = "other.example" } == .signatureMismatch)
            #expect(code { $0.head.headerFields[.contentType] = "text/plain" } == .signatureMismatch)
            #expect(code { $0.head.headerFields[.contentType] = nil } == .componentMissing)
            #expect(code { $0.body[2] ^= 1 } == .contentDigestMismatch)
            #expect(code { $0.body = [] } == .contentDigestMismatch)
            #expect(code { $0.head.headerFields[.contentDigest] = nil } == .contentDigestMissing)
            #expect(
                code {
                    $0.body = [1]
                    $0.head.headerFields[.contentDigest] = ContentDigest.fieldValue(for: [1])
                } == .signatureMismatch)
            #expect(code { $0.head.headerFields[.signature] = "sig1=:AAAA:" } == .signatureMalformed)
            #expect(
                code {
                    let input = $0.head.headerFields[.signatureInput]
                    $0.head.headerFields[.signatureInput] = input?.replacing("=17", with: "=18")
                } == .timestampInFuture)
            #expect(
                code {
                    let input = $0.head.headerFields[.signatureInput]
                    $0.head.headerFields[.signatureInput] = input?.replacing("=\"abc", with: "=\"abd")
                } == .signatureMismatch)
        }
    }

    @Test("What must be covered is what the profile says")
    func coverage() throws {
        let get = Self.message("/v3/a", body: "")
        let empty = Self.message("/v3/a?", body: "")
        let accepted: [(HTTPMessage, [MessageComponent])] = [
            (Self.message(), Self.whole), (Self.message(), [.contentDigest, .targetURI, .method]),
            (get, [.method, .path]), (empty, [.method, .path]), (get, [.targetURI, .method]),
        ]
        for (message, components) in accepted {
            _ = try Self.verify(Self.signed(components, of: message))
        }
        for parameter in [MessageComponent.Parameter.member("sha-256"), .structuredField, .byteSequences] {
            let digest = MessageComponent("content-digest", parameter)
            _ = try Self.verify(Self.signed([.method, .targetURI, digest]))
        }
        let refused: [[MessageComponent]] = [
            [], [.path, .query, .contentDigest], [.method, .query, .contentDigest],
            [.method, .path, .contentDigest], [.method, .path, .query], [.method, .targetURI],
            [.method, .path, .queryParameter("b"), .contentDigest],
            [.method, .requestTarget, .contentDigest],
            [.method, .targetURI, MessageComponent("content-type")],
        ]
        for components in refused {
            #expect(refusal { _ = try Self.verify(Self.signed(components)) } == .coverageInsufficient)
        }
        // A member of an algorithm that nobody checks ties nothing to the body.
        var other = try Self.signed([.method, .targetURI])
        other.head.headerFields[.signatureInput] =
            "s=(\"@method\" \"@target-uri\" \"content-digest\";key=\"md5\");created=1700000000;"
            + "nonce=\"\(Self.nonce)\";keyid=\"k\""
        #expect(refusal { _ = try Self.verify(other) } == .coverageInsufficient)
    }

    @Test("A request to be signed that has no path or another key is refused")
    func signing() throws {
        let key = try Self.keys()[0]
        let signer = RequestSigner(.rfc9421, key: key)
        var message = Self.message()
        message.head.path = "*"
        #expect(refusal { _ = try signer.sign(message, at: 0, nonce: Self.nonce) } == .componentMissing)
        #expect(refusal { _ = try signer.sign(Self.message(), at: 0, nonce: "") } == .nonceMissing)
        let weak = RequestSigner(.rfc9421, key: SigningKey(id: "k", .secret(SharedSecret(0..<31))))
        let code = refusal { _ = try weak.sign(Self.message(), at: 0, nonce: Self.nonce) }
        #expect(code == .keyNotForProfile)
    }

    @Test("created, nonce and keyid are due, alg and expires hold")
    func parameters() throws {
        let codes: [(SigningRefusal.Code?, HTTPMessage)] = try [
            (nil, Self.signed(Self.whole)),
            (.timestampMissing, Self.signed(Self.whole, created: nil)),
            (.timestampInMilliseconds, Self.signed(Self.whole, created: 1_700_000_000_000)),
            (.timestampInMilliseconds, Self.signed(Self.whole, expires: 1_700_000_100_000)),
            (nil, Self.signed(Self.whole, created: 1_699_999_700)),
            (nil, Self.signed(Self.whole, created: 1_700_000_300)),
            (.timestampTooOld, Self.signed(Self.whole, created: 1_699_999_699)),
            (.timestampInFuture, Self.signed(Self.whole, created: 1_700_000_301)),
            (.timestampTooOld, Self.signed(Self.whole, created: -999_999_999_999_999)),
            (nil, Self.signed(Self.whole, expires: 1_700_000_000)),
            (.signatureExpired, Self.signed(Self.whole, created: 1_699_999_900, expires: 1_699_999_999)),
            (.signatureExpired, Self.signed(Self.whole, expires: 1_699_999_999)),
            (.nonceMissing, Self.signed(Self.whole, nonce: nil)),
            (.nonceMalformed, Self.signed(Self.whole, nonce: "b3k2pp5k7z-50gnwp.yemd")),
            (.nonceMalformed, Self.signed(Self.whole, nonce: "short")),
            (.keyIDMissing, Self.signed(Self.whole, keyID: nil)),
            (.unknownKey, Self.signed(Self.whole, keyID: "other")),
            (nil, Self.signed(Self.whole, algorithm: "hmac-sha256")),
            (.algorithmMismatch, Self.signed(Self.whole, algorithm: "ed25519")),
            (.algorithmMismatch, Self.signed(Self.whole, algorithm: "rsa-v1_5-sha256")),
        ]
        for (index, (code, message)) in codes.enumerated() {
            #expect(refusal { _ = try Self.verify(message) } == code, "case \(index)")
        }
    }

    @Test("Among several signatures those that meet the demands are presented")
    func several() throws {
        var message = try Self.signed(Self.whole)
        let fields = message.head.headerFields
        message.head.headerFields[.signatureInput] =
            "p=(\"@method\");created=1;keyid=\"p\", \(fields[.signatureInput] ?? "")"
        message.head.headerFields[.signature] = "\(fields[.signature] ?? ""), p=:AAAA:"
        let presented = try RequestVerifier(.rfc9421).readAll(message)
        #expect(presented.map(\.label) == ["s"] && presented.map(\.keyID) == ["k"])
        _ = try Self.verify(message)
    }

    @Test("Keys of other kinds, weak secrets and wrong forms are refused")
    func keys() throws {
        let sent = try Self.signed(Self.whole)
        let weak = VerificationKey(id: "k", .secret(SharedSecret(0..<31)))
        let verifier = RequestVerifier(.rfc9421)
        #expect(refusal { _ = try verifier.verify(sent, now: Self.now, key: weak) } == .keyNotForProfile)
        for key in try Self.keys().dropFirst() {
            let code = refusal { _ = try verifier.verify(sent, now: Self.now, key: key.verificationKey) }
            #expect(code == .signatureMalformed)
        }
        let large = HTTPMessage(sent.head, body: [UInt8](repeating: 32, count: (1 << 20) + 1))
        #expect(refusal { _ = try verifier.read(large) } == .bodyTooLarge)
    }
}
