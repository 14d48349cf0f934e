import Crypto
import CryptoExtras
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

@Suite("Why a signature failed: version, key, user id, encoding (17)")
struct SignatureKeyTests {
    private let parameters = Array(#"{"card_no":"6217"}"#.utf8)

    /// Sends any signature text under a version, and expects it to be named.
    private func expect(
        _ version: String, _ words: String, _ certainty: SignatureFinding.Certainty = .proven,
        signature: (Client, [UInt8]) throws -> String, _ change: (inout SignatureEvidence) -> Void = { _ in },
        _ place: SourceLocation = #_sourceLocation
    ) throws {
        let client = Client(version: version)
        let text = client.text(parameters)
        let call = client.message(.post, "/", parameters, signature: try signature(client, text))
        let explanation = try client.explain(call, change)
        #expect(explanation.verdict == .refused, sourceLocation: place)
        let first = explanation.findings.first
        #expect(first?.mistake == .versionKeyOrEncoding, sourceLocation: place)
        #expect(first?.certainty == certainty, sourceLocation: place)
        #expect(
            first?.detail.english.contains(words) == true, "\(words): \(explanation.findings)",
            sourceLocation: place)
    }

    private func hex(_ bytes: [UInt8], uppercase: Bool = false) -> String {
        uppercase ? hexText(bytes).uppercased() : hexText(bytes)
    }

    /// Broken into lines, as MIME's Base64 is.
    private func broken(_ text: String) -> String { "\(text.prefix(8)) \(text.dropFirst(8))" }

    private func url(_ text: String) -> String {
        String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
    }

    @Test(
        "The signature in hex, either case, in base64url, unpadded, broken into lines or twice encoded",
        arguments: ["v3.2.0", "v3.2.1", "v3.3.0", "gm"])
    func spelling(version: String) throws {
        try expect(version, "hex where", signature: { hex(try $0.signature($1)) })
        try expect(version, "hex where", signature: { hex(try $0.signature($1), uppercase: true) })
        try expect(
            version, "hex text and that into Base64",
            signature: { base64(Array(hex(try $0.signature($1)).utf8)) })
        try expect(version, "Base64 of another form", signature: { broken(base64(try $0.signature($1))) })
        // Nonces are drawn until the signature needs base64url's own letters.
        let client = try #require(
            (0..<100).map { Client(version: version, nonce: "abcdefghijklmnopqrst\($0)") }.first {
                url(base64(try $0.signature($0.text(parameters)))).contains { "-_".contains($0) }
            })
        // SM2 and ECDSA sign anew each time, so the signature found is not the one sent.
        for _ in 0..<100 {
            let text = url(base64(try client.signature(client.text(parameters))))
            guard text.contains(where: { "-_".contains($0) }) else { continue }
            let explanation = try client.explain(client.message(.post, "/", parameters, signature: text))
            #expect(explanation.findings.first?.mistake == .versionKeyOrEncoding)
            #expect(explanation.findings.first?.detail.english.contains("base64url") == true)
            return
        }
        Issue.record("No signature needed base64url's letters")
    }

    @Test("DER against r‖s")
    func der() throws {
        try expect(
            "v3.3.0", "r‖s where DER is due",
            signature: { base64(Array(try Client.p256.signature(for: $1).rawRepresentation)) })
        try expect(
            "gm", "r‖s where DER is due",
            signature: { base64(Client.sm2.signature(for: $1).rawRepresentation) })
        try expect(
            "gm", "r‖s where DER is due", signature: { hex(Client.sm2.signature(for: $1).rawRepresentation) })
    }

    @Test("SM2 with another user id, with none, or without Z")
    func user() throws {
        for user in ["", "device-7"] {
            try expect(
                "gm", "another user id",
                signature: {
                    base64(Client.sm2.signature(for: $1, userID: try .init(user)).derRepresentation)
                })
        }
        try expect(
            "gm", "without Z_A",
            signature: { base64(try Client.sm2.signature(forDigest: Array(SM3.hash($1))).derRepresentation) })
    }

    @Test("RSA with another padding or digest")
    func rsa() throws {
        let key = try Client.rsa.get()
        try expect(
            "v3.2.1", "PKCS#1",
            signature: {
                base64(
                    Array(
                        try key.signature(for: SHA256.hash(data: $1), padding: .insecurePKCS1v1_5)
                            .rawRepresentation))
            })
        try expect(
            "v3.2.1", "SHA-512",
            signature: {
                base64(Array(try key.signature(for: SHA512.hash(data: $1), padding: .PSS).rawRepresentation))
            })
    }

    @Test("A secret misread, another hash, and no HMAC at all")
    func secret() throws {
        let secret = Client.secret
        for text in [hex(secret), hex(secret, uppercase: true), base64(secret)] {
            try expect(
                "v3.2.0", "hex or Base64 text", signature: { base64(Client.mac($1, Array(text.utf8))) })
        }
        try expect("v3.2.0", "line end", signature: { base64(Client.mac($1, secret + [0x0a])) })
        try expect(
            "v3.2.0", "SHA-1",
            signature: {
                base64(
                    Array(HMAC<Insecure.SHA1>.authenticationCode(for: $1, using: SymmetricKey(data: secret))))
            })
        try expect(
            "v3.2.0", "where HMAC is due", signature: { base64(Array(SHA256.hash(data: $1 + secret))) })
        try expect(
            "v3.2.0", "where HMAC is due", signature: { base64(Array(SHA256.hash(data: secret + $1))) })
        let written = Array(hex(Client.otherSecret).utf8)
        try expect(
            "v3.2.0", "decoded as hex", signature: { base64(Client.mac($1, Client.otherSecret)) },
            { $0.key = VerificationKey(id: "device-7", .secret(SharedSecret(written))) })
    }

    @Test("Another key than the one named: proven if it is at hand, else the last guess")
    func key() throws {
        let signature: (Client, [UInt8]) throws -> String = { base64(Client.mac($1, Client.otherSecret)) }
        let old = VerificationKey(id: "device-6", .secret(SharedSecret(Client.otherSecret)))
        try expect("v3.2.0", "device-6", signature: signature, { $0.otherKeys = [old] })
        try expect("v3.2.0", "another one", .possible, signature: signature)
        let client = Client(version: "v3.2.0")
        let explanation = try client.explain(client.rightCall()) {
            $0.key = VerificationKey(id: "device-8", .secret(SharedSecret(Client.secret)))
        }
        #expect(explanation.refusal?.code == .unknownKey)
        #expect(explanation.findings.map(\.mistake) == [.versionKeyOrEncoding])
        #expect(explanation.findings.first?.certainty == .proven)
    }

    @Test("Signed as another version, by key or by canonical form")
    func version() throws {
        let p256 = VerificationKey(id: "device-7", .p256(Client.p256.publicKey))
        let der: (Client, [UInt8]) throws -> String = {
            base64(Array(try Client.p256.signature(for: $1).derRepresentation))
        }
        try expect("v3.2.0", "signed as v3.3.0", signature: der, { $0.otherKeys = [p256] })
        // The key is right, and the version sent is not.
        try expect("v3.2.0", "signed as v3.3.0", signature: der, { $0.key = p256 })
        try expect(
            "gm", "signed as v3.2.0", signature: { base64(Client.mac($1, Client.secret)) },
            {
                $0.otherKeys = [VerificationKey(id: "device-7", .secret(SharedSecret(Client.secret)))]
            })
        let client = Client(version: "v3.3.0")
        let body = #"{"b":"张","a":1.0}"#
        let form = try client.explain(client.post(body, signing: #"{"a":1.0,"b":"\u5f20"}"#))
        #expect(form.findings.map(\.mistake) == [.versionKeyOrEncoding])
        #expect(form.findings.first?.detail.english.contains("v3.2.x") == true)
        let other = Client(version: "v3.2.0")
        let keyed = other.message(
            .post, "/", Array(body.utf8),
            signature: base64(try client.signature(other.text(#"{"a":1,"b":"张"}"#.utf8))))
        let both = try other.explain(keyed) { $0.otherKeys = [p256] }
        #expect(both.findings.map(\.mistake) == [.versionKeyOrEncoding])
    }

    @Test(
        "An unknown version is refused by name; a signature of the wrong size is named for what it looks like"
    )
    func shape() throws {
        let client = Client(version: "v9")
        let explanation = try Client(version: "gm").explain(client.message(.post, "/", [], signature: "x"))
        #expect(explanation.refusal?.code == .unknownVersion)
        #expect(explanation.findings.first?.mistake == .versionKeyOrEncoding)
        #expect(explanation.profileID == nil)
        try expect("v3.3.0", "HMAC-SHA256", .likely, signature: { base64(Client.mac($1, Client.secret)) })
        try expect(
            "v3.2.0", "RSA", .likely, signature: { base64([UInt8](repeating: 1, count: 256) + $1.prefix(0)) })
        try expect("v3.2.0", "no known encoding", .likely, signature: { _, _ in "!?" })
        let bare = Client(version: "v3.2.0")
        var call = try bare.rightCall()
        call.head.headerFields[.named("X-Signature")] = nil
        #expect(try bare.explain(call).findings.first?.mistake == .missingPart)
    }
}
