import Crypto
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

/// The other profiles: right requests come from the signer, wrong ones from clients written here.
@Suite("Why a signature failed: gateways, envelopes and RFC 9421")
struct SignatureProfileTests {
    private let time: Int64 = 1_700_000_000_000
    private let nonce = "abcdefghijklmnopqrstuvwx"

    private func explain(
        _ message: HTTPMessage, _ key: SigningKey, _ change: (inout SignatureEvidence) -> Void = { _ in }
    ) -> SignatureExplanation {
        var evidence = SignatureEvidence()
        evidence.key = key.verificationKey
        evidence.receivedAt = time + 1000
        change(&evidence)
        return SignatureExplanation(of: message, evidence: evidence)
    }

    private func request(_ body: String = "", _ fields: [(String, String)] = []) -> HTTPMessage {
        var head = HTTPRequest(
            method: .post, scheme: "https", authority: "gw.example", path: "/epc/api/x?a=1")
        for (name, value) in fields { head.headerFields[.named(name)] = value }
        return HTTPMessage(head, body: Array(body.utf8))
    }

    private func keys() throws -> [String: SigningKey] {
        let secret = SharedSecret("a secret that is long enough 123")
        let terms = try EnvelopeTerms(appID: "0123456789ABCDEF", appSecret: secret)
        let client = try ClientTerms(clientID: "client-id-000016")
        return [
            "tif": SigningKey(id: "paas-1", .secret(secret)),
            "csb": SigningKey(id: "access-1", .secret(secret)),
            "envelope": SigningKey(id: "0123456789ABCDEF", .envelope(terms, Client.sm2)),
            "fsi-sm": SigningKey(id: "client-id-000016", .fsi(client, Client.sm2)),
            "rfc9421": SigningKey(id: "key-1", .p256(Client.p256)),
        ]
    }

    private let bodies = [
        "envelope": #"{"userName":"测试","amt":1.50,"mdtrtId":"M1","mdtrtareaAdmvs":"44","e":""}"#,
        "fsi-sm": #"{"infno":"1101","input":{"data":{"b":"张","a":1.0}}}"#, "rfc9421": "{}",
    ]

    private func signed(_ id: String) throws -> (HTTPMessage, SigningKey) {
        let profile = try #require(Profile(id: id))
        let key = try #require(try keys()[id])
        let fields = id == "csb" ? [("_api_name", "n"), ("_api_version", "1")] : []
        let message = request(bodies[id] ?? "", fields)
        return (try RequestSigner(profile, key: key).sign(message, at: time, nonce: nonce), key)
    }

    private let ids = ["tif", "csb", "envelope", "fsi-sm", "rfc9421"]

    @Test("Right requests are accepted")
    func right() throws {
        for id in ids {
            let (message, key) = try signed(id)
            let explanation = explain(message, key) { $0.noncesKnownSince = 0 }
            #expect(explanation.verdict == .accepted, "\(id): \(explanation.findings) \(explanation.steps)")
            #expect(explanation.findings.isEmpty && explanation.profileID == id)
        }
    }

    @Test("A slow clock, a fast one and another key are told apart in every profile")
    func common() throws {
        for id in ids {
            let (message, key) = try signed(id)
            #expect(
                explain(message, key) { $0.receivedAt = time + 302_000 }.findings.first?.mistake == .slowClock
            )
            #expect(
                explain(message, key) { $0.receivedAt = time - 302_000 }.findings.first?.mistake == .fastClock
            )
            let window = id == "tif" ? 180_000 : 300_000
            let edge = explain(message, key) { $0.receivedAt = time + Int64(window) }
            #expect(edge.verdict == .accepted && edge.findings.map(\.mistake) == [.windowEdge])
        }
    }

    private func tif(_ signature: [UInt8], uppercase: Bool = false, nonce: String? = nil) -> HTTPMessage {
        let hex = uppercase ? hexText(signature).uppercased() : hexText(signature)
        return request(
            "",
            [
                ("x-tif-paasid", "paas-1"), ("x-tif-timestamp", "1700000000"),
                ("x-tif-nonce", nonce ?? self.nonce),
                ("x-tif-signature", hex),
            ])
    }

    @Test("tif: upper-case hex is right; order, hash, key, nonce and encoding can be wrong")
    func tif() throws {
        let key = try #require(try keys()["tif"])
        let (time, token) = ("1700000000", "a secret that is long enough 123")
        func digest(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
        #expect(explain(tif(digest(time + token + nonce + time), uppercase: true), key).verdict == .accepted)
        let order = explain(tif(digest(time + token + nonce)), key)
        #expect(order.findings.map(\.mistake) == [.otherText])
        let md5 = explain(tif(Array(Insecure.MD5.hash(data: Array((time + token + nonce + time).utf8)))), key)
        #expect(md5.findings.map(\.mistake) == [.versionKeyOrEncoding])
        let other = explain(tif(digest(time + "old" + nonce + time)), key) {
            $0.otherKeys = [VerificationKey(id: "paas-0", .secret(SharedSecret("old")))]
        }
        #expect(other.findings.first?.detail.english.contains("paas-0") == true)
        let decoded = explain(
            tif(digest(time + token + "a+c/efghijklmnopqr" + time), nonce: "a c/efghijklmnopqr"), key)
        #expect(decoded.findings.map(\.mistake) == [.decodedNonce])
        var spelled = tif(digest(time + token + nonce + time))
        spelled.head.headerFields[.named("x-tif-signature")] = base64(digest(time + token + nonce + time))
        #expect(explain(spelled, key).findings.map(\.mistake) == [.versionKeyOrEncoding])
        for explanation in [order, md5, other, decoded] {
            #expect(!String(decoding: explanation.json, as: UTF8.self).contains(token))
        }
    }

    @Test("csb: order, hash, encoding and unit of the time")
    func csb() throws {
        let key = try #require(try keys()["csb"])
        func call(_ text: String, time: String = "1700000000000", _ signature: ([UInt8]) -> String)
            -> HTTPMessage
        {
            request(
                "",
                [
                    ("_api_name", "n"), ("_api_version", "1"), ("_api_access_key", "access-1"),
                    ("_api_timestamp", time),
                    ("_api_signature", signature(Array(text.utf8))),
                ])
        }
        func mac(_ text: [UInt8]) -> [UInt8] {
            let secret = SymmetricKey(data: Array("a secret that is long enough 123".utf8))
            return Array(HMAC<Insecure.SHA1>.authenticationCode(for: text, using: secret))
        }
        let api = "_api_access_key=access-1&_api_name=n&_api_timestamp=1700000000000&_api_version=1"
        #expect(explain(call(api + "&a=1") { base64(mac($0)) }, key).verdict == .accepted)
        #expect(
            explain(call("a=1&" + api) { base64(mac($0)) }, key).findings.map(\.mistake) == [.memberOrder])
        #expect(explain(call(api) { base64(mac($0)) }, key).findings.map(\.mistake) == [.otherText])
        #expect(
            explain(call(api + "&a=1") { hexText(mac($0)) }, key).findings.map(\.mistake) == [
                .versionKeyOrEncoding
            ])
        let micro = explain(call(api + "&a=1", time: "1700000000000000") { base64(mac($0)) }, key)
        #expect(micro.findings.first?.mistake == .milliseconds)
    }

    /// An envelope over any text, by a client of its own.
    private func envelope(
        _ data: String, signing text: String, user: String? = nil, der: Bool = false,
        time: String = "1700000000000", end: String = "&key=a secret that is long enough 123"
    ) throws -> HTTPMessage {
        let secret = "a secret that is long enough 123"
        let outer =
            "appId=0123456789ABCDEF&data=\(text)&encType=SM4&signType=SM2&timestamp=\(time)&version=2.0.1"
        let signature = Client.sm2.signature(
            for: Array("\(outer)\(end)".utf8), userID: try SM2.UserID(user ?? secret))
        let first = try SM4.Key(Array("0123456789ABCDEF".utf8))
        let hex = hexText(try SM4.ECB.encrypt(Array(secret.utf8), using: first)).uppercased()
        let sealed = try SM4.ECB.encrypt(Array(data.utf8), using: SM4.Key(Array(hex.utf8.prefix(16))))
        let signed = base64(der ? signature.derRepresentation : signature.rawRepresentation)
        return request(
            """
            {"appId":"0123456789ABCDEF","encType":"SM4","signType":"SM2","timestamp":"\(time)",\
            "version":"2.0.1",\
            "encData":"\(hexText(sealed))","signData":"\(signed)"}
            """)
    }

    @Test("envelope: order, user id, DER, numbers, empties, escapes and the unit of the time")
    func envelope() throws {
        let key = try #require(try keys()["envelope"])
        let data = #"{"mdtrtId":"M1","mdtrtareaAdmvs":"44","amt":1.50,"e":"","name":"张"}"#
        let right = #"{"amt":"1.50","mdtrtId":"M1","mdtrtareaAdmvs":"44","name":"张"}"#
        #expect(explain(try envelope(data, signing: right), key).verdict == .accepted)
        let wrong: [(String, SignatureMistake)] = [
            (#"{"amt":"1.50","mdtrtareaAdmvs":"44","mdtrtId":"M1","name":"张"}"#, .memberOrder),
            (#"{"amt":1.50,"mdtrtId":"M1","mdtrtareaAdmvs":"44","name":"张"}"#, .numberText),
            (#"{"amt":"1.5","mdtrtId":"M1","mdtrtareaAdmvs":"44","name":"张"}"#, .numberText),
            (#"{"amt":"1.50","e":"","mdtrtId":"M1","mdtrtareaAdmvs":"44","name":"张"}"#, .emptyValues),
            (#"{"amt":"1.50","mdtrtId":"M1","mdtrtareaAdmvs":"44","name":"\u5f20"}"#, .textEncoding),
            (#"{"amt":"1.50","mdtrt_id":"M1","mdtrtarea_admvs":"44","name":"张"}"#, .fieldNames),
        ]
        for (text, mistake) in wrong {
            let explanation = explain(try envelope(data, signing: text), key)
            #expect(explanation.findings.map(\.mistake) == [mistake], "\(text)")
            #expect(!String(decoding: explanation.json, as: UTF8.self).contains("long enough"))
        }
        for user in ["1234567812345678", "0123456789ABCDEF", ""] {
            let explanation = explain(try envelope(data, signing: right, user: user), key)
            #expect(explanation.findings.map(\.mistake) == [.versionKeyOrEncoding])
        }
        let der = explain(try envelope(data, signing: right, der: true), key)
        #expect(der.findings.map(\.mistake) == [.versionKeyOrEncoding])
        let seconds = explain(try envelope(data, signing: right, time: "1700000000"), key)
        #expect(seconds.findings.first?.mistake == .milliseconds)
        let bare = explain(try envelope(data, signing: right, end: ""), key)
        #expect(bare.findings.map(\.mistake) == [.otherText])
        let space = explain(try envelope(#"{"a":" 1"}"#, signing: #"{"a":"1"}"#), key)
        #expect(space.findings.map(\.mistake) == [.surroundingSpace])
    }

    @Test("fsi-sm: other bytes than those sent were signed")
    func fsi() throws {
        let key = try #require(try keys()["fsi-sm"])
        func call(_ input: String, signing text: String, user: String = "client-id-000016") throws
            -> HTTPMessage
        {
            let signature = Client.sm2.signature(for: Array(text.utf8), userID: try SM2.UserID(user))
            let sealed = try SM4.ECB.encrypt(
                Array(input.utf8), using: SM4.Key(Array("client-id-000016".utf8)))
            return request(
                """
                {"infno":"1101","inf_time":"2023-11-15 06:13:20",\
                "cainfo":"\(base64(signature.rawRepresentation))",\
                "signtype":"SM2","encType":"SM4","input":"\(base64(sealed))"}
                """, [("X-Key-Id", "client-id-000016")])
        }
        let input = #"{ "b": "张", "a": 1.0 }"#
        #expect(explain(try call(input, signing: input), key).verdict == .accepted)
        let wrong: [(String, SignatureMistake)] = [
            (#"{"b":"张","a":1.0}"#, .otherText), (#"{"a":1.0,"b":"张"}"#, .memberOrder),
            (#"{"b":"\u5f20","a":1.0}"#, .textEncoding), (#"{"b":"张","a":1}"#, .numberText),
        ]
        for (text, mistake) in wrong {
            #expect(
                explain(try call(input, signing: text), key).findings.map(\.mistake) == [mistake], "\(text)")
        }
        let user = explain(try call(input, signing: input, user: "1234567812345678"), key)
        #expect(user.findings.map(\.mistake) == [.versionKeyOrEncoding])
        var late = try call(input, signing: input)
        late.body = Array(
            String(decoding: late.body, as: UTF8.self).split(separator: "2023-11-15 06").joined(
                separator: "2023/11/15 06"
            ).utf8)
        #expect(explain(late, key).findings.first?.mistake == .unreadableTime)
    }

    @Test("rfc9421: a proxy's changes, DER, and a body that isn't the digest's")
    func messages() throws {
        let (message, key) = try signed("rfc9421")
        var changed = message
        changed.body = Array("{} ".utf8)
        let digest = explain(changed, key)
        #expect(digest.refusal?.code == .contentDigestMismatch)
        #expect(digest.findings.first?.mistake == .changedMessage)
        let presented = try #require(try MessageSignature.all(in: message.head.headerFields).first)
        let base = try SignatureBase(presented.parameters, of: message.head).bytes
        func resigned(_ bytes: [UInt8]) -> HTTPMessage {
            var other = message
            let label = presented.label
            other.head.headerFields[.named("Signature")] = "\(label)=:\(base64(bytes)):"
            return other
        }
        let der = explain(resigned(Array(try Client.p256.signature(for: base).derRepresentation)), key)
        #expect(der.findings.map(\.mistake) == [.versionKeyOrEncoding], "\(der.findings)")
        let ended = explain(
            resigned(Array(try Client.p256.signature(for: base + [0x0a]).rawRepresentation)), key)
        #expect(ended.findings.map(\.mistake) == [.otherText])
        // The client signed for its own door, and a proxy passed the request on under another name.
        for change in [{ $0.authority = "gw.example:8443" }, { $0.scheme = "http" }]
            as [(inout HTTPRequest) -> Void]
        {
            var elsewhere = message.head
            change(&elsewhere)
            let components = ["@method", "@authority", "@scheme", "@path", "@query", "content-digest"].map {
                MessageComponent($0)
            }
            let parameters = SignatureParameters(
                covering: components, created: 1_700_000_000, nonce: nonce, keyID: "key-1")
            let signature = Array(
                try Client.p256.signature(for: SignatureBase(parameters, of: elsewhere).bytes)
                    .rawRepresentation)
            var proxied = message
            let signed = MessageSignature(label: "sig1", parameters: parameters, bytes: signature)
            proxied.head.headerFields[.named("Signature-Input")] = signed.inputFieldValue
            proxied.head.headerFields[.named("Signature")] = signed.fieldValue
            #expect(explain(proxied, key).findings.map(\.mistake) == [.changedMessage])
        }
    }
}
