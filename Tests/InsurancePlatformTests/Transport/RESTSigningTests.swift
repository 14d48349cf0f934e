import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning
import ShangMi
import Synchronization
import Testing

@Suite("Signed requests over REST", .timeLimit(.minutes(10)))
struct RESTSigningTests {
    private typealias Scene = TransportScene

    @Test("gets each request signed as it leaves")
    func signature() async throws {
        let (signature, key) = Scene.fieldSignature()
        try await Scene.servingREST(options: Scene.options(signature: signature), { _ in Scene.settled }) {
            platform, server in
            _ = try await platform.carry(FsiSamples.settlement())
            _ = try await platform.carry(FsiSamples.settlement())
            var nonces: Set<String?> = []
            for request in server.requests {
                let call = try RequestVerifier(.tif).verify(request.message, now: FsiSamples.now, key: key)
                nonces.insert(call.nonce)
            }
            #expect(nonces.count == 2)
        }
    }

    @Test("exchanges envelopes both ways")
    func envelopes() async throws {
        let terms = try EnvelopeTerms(
            appID: "HUFU-TEST-APP-0001", appSecret: SharedSecret("made-up-secret"))
        let ours = SigningKey(id: terms.appID, .envelope(terms, SM2.Signing.PrivateKey()))
        let theirs = SigningKey(id: terms.appID, .envelope(terms, SM2.Signing.PrivateKey()))
        let signature = PlatformSignature(
            RequestSigner(.envelope, key: ours), answerKey: theirs.verificationKey)
        let forged = Mutex(false)
        let options = try Scene.options(signature: signature)
        try await Scene.servingREST(options: options, site: { _ in }) { request in
            let signer = RequestSigner(.envelope, key: forged.withLock { $0 } ? ours : theirs)
            guard
                let call = try? RequestVerifier(.envelope).verify(
                    request.message, now: FsiSamples.now, key: ours.verificationKey),
                (try? FsiRequest(parsing: call.content.body).infno) == "2207",
                let answer = try? signer.sign(
                    HTTPMessage(request.message.head, body: FsiSamples.answer().encode()), at: FsiSamples.now)
            else { return .answer(400, "text/plain", []) }
            return .answer(200, "application/json", answer.body)
        } _: { platform, server in
            let answer = try await platform.carry(FsiSamples.settlement())
            #expect(try answer.content(of: Settlement.self) == FsiSamples.settled)
            #expect(!String(decoding: server.requests[0].body, as: UTF8.self).contains("psn_no"))
            forged.withLock { $0 = true }
            #expect(Scene.isUnknown(await Scene.failure(of: platform), .unreadableAnswer))
        }
    }

    @Test("takes calls without an envelope where the site has such routes")
    func bareRoutes() async throws {
        let key = SigningKey(id: "hufu-test", .secret(SharedSecret([UInt8](repeating: 7, count: 32))))
        let options = try Scene.options(signature: PlatformSignature(RequestSigner(.v320, key: key)))
        let change: (inout FsiSite) -> Void = { site in
            site.bareRoutes = [
                "1101": .init(.get, "/v3/insured/status"), "2207": .init(.post, "/v3/settlements"),
            ]
        }
        try await Scene.servingREST(options: options, site: change, { _ in Scene.settled }) {
            platform, server in
            var query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "卡 1&2")
            query.cardSn = "7"
            _ = try await platform.carry(
                PlatformCall(query, msgid: FsiSamples.msgid, sender: FsiSamples.sender))
            _ = try await platform.carry(FsiSamples.settlement())
            let uri = "/rio/v3/insured/status?card_sn=7&mdtrt_cert_no=%E5%8D%A1%201%262&mdtrt_cert_type=03"
            #expect(server.requests[0].head.uri == uri)
            #expect(server.requests[0].head.headers["X-Request-Id"] == [FsiSamples.msgid])
            #expect(server.requests[1].head.uri == "/rio/v3/settlements")
            #expect(
                try ExactJSON(parsing: server.requests[1].body)
                    == Settlement(FsiSamples.request).input["data"])
            for request in server.requests {
                _ = try RequestVerifier(.v320).verify(
                    request.message, now: FsiSamples.now, key: key.verificationKey)
            }
        }
    }
}

extension TestPlatform.Request {
    /// The request as a verifier takes it.
    var message: HTTPMessage {
        var request = HTTPRequest(
            method: HTTPRequest.Method(head.method.rawValue) ?? .post, scheme: "https",
            authority: head.headers.first(name: "host"), path: head.uri)
        for (name, value) in head.headers {
            if let name = HTTPField.Name(name) {
                request.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        return HTTPMessage(request, body: body)
    }
}
