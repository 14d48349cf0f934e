import InsurancePlatform
import NIOHTTP1
import RequestSigning
import Synchronization
import Testing

@Suite("The platform over SOAP", .timeLimit(.minutes(10)))
struct SOAPPlatformTests {
    private typealias Scene = TransportScene

    private static func serving(
        signature: PlatformSignature? = nil,
        _ react: @escaping @Sendable (TestPlatform.Request) -> TestPlatform.Reaction,
        _ body: (SOAPPlatform, TestPlatform) async throws -> Void
    ) async throws {
        let server = try await TestPlatform.http(Scene.authority.get().server(), react: react)
        let platform = try SOAPPlatform(
            site: Scene.site(server.port),
            options: Scene.options(signature: signature, credential: { "token" }))
        do { try await body(platform, server) } catch {
            try await platform.shutDown()
            try await server.end()
            throw error
        }
        try await platform.shutDown()
        try await server.end()
    }

    private static func answered(_ bytes: [UInt8], status: Int = 200) -> TestPlatform.Reaction {
        .answer(status, "text/xml; charset=utf-8", bytes)
    }

    @Test("carries a typed transaction, signed in its fields")
    func carries() async throws {
        let (signature, key) = Scene.fieldSignature()
        let answer = try SOAPResponse(body: FsiSamples.answer().encode()).encode()
        try await Self.serving(signature: signature, { _ in Self.answered(answer) }) { platform, server in
            let settled = try await platform.carry(
                Settlement(FsiSamples.request), msgid: FsiSamples.msgid, sender: FsiSamples.sender,
                insuplcAdmdvs: "330199")
            #expect(settled == FsiSamples.settled)
            let request = try #require(server.requests.first)
            #expect(request.head.uri == "/rio/soap")
            #expect(request.head.headers["SOAPAction"] == ["\"urn:hufu:platform:1#Transact\""])
            #expect(request.head.headers["Content-Type"] == ["text/xml; charset=utf-8"])
            #expect(request.head.headers["Authorization"] == ["Bearer token"])
            let soap = try SOAPRequest(parsing: request.body)
            #expect(try soap.infno == "2207" && FsiRequest(parsing: soap.body).msgid == FsiSamples.msgid)
            _ = try RequestVerifier(.tif).verify(request.message, now: FsiSamples.now, key: key)
        }
    }

    @Test(
        "maps faults by what they say of the call",
        arguments: [
            (SOAPFault(.client, "x", detailCode: "missing_field"), PlatformFailure.Reason.rejected, true),
            (SOAPFault(.client, "x", detailCode: "unauthorized"), .unauthorized, true),
            (SOAPFault(.versionMismatch, "x", detailCode: ""), .rejected, true),
            (SOAPFault(.mustUnderstand, "x", detailCode: ""), .rejected, true),
            (SOAPFault(.server, "x", detailCode: "server_error"), .serverError, false),
        ])
    func faults(fault: SOAPFault, reason: PlatformFailure.Reason, isNotSent: Bool) async throws {
        let bytes = try fault.encode()
        for status in [500, 200] {
            try await Self.serving({ _ in Self.answered(bytes, status: status) }) { platform, _ in
                let failure = await Scene.failure(of: platform)
                let isRight =
                    isNotSent ? Scene.isNotSent(failure, reason) : Scene.isUnknown(failure, reason)
                #expect(isRight, "\(String(describing: failure))")
            }
        }
    }

    @Test("tells of a token that a fault refuses, and of no other")
    func refusedToken() async throws {
        let refused = Mutex<[String]>([])
        for code in ["unauthorized", "missing_field"] {
            let bytes = try SOAPFault(.client, "x", detailCode: code).encode()
            let server = try await TestPlatform.http(Scene.authority.get().server()) { _ in
                Self.answered(bytes, status: 500)
            }
            var options = try Scene.options(credential: { code })
            options.credentialRefused = { token in refused.withLock { $0.append(token) } }
            let platform = try SOAPPlatform(site: Scene.site(server.port), options: options)
            #expect(await Scene.failure(of: platform) != nil)
            try await platform.shutDown()
            try await server.end()
        }
        #expect(refused.withLock { $0 } == ["unauthorized"])
    }

    @Test("says of other failures what REST says of them")
    func failures() async throws {
        let html = Array("<html><body>Bad Gateway</body></html>".utf8)
        let cases: [(TestPlatform.Reaction, PlatformFailure.Reason, Bool)] = [
            (.answer(502, "text/html", html), .serverError, false),
            (.answer(500, "text/html", html), .serverError, false),
            (.answer(200, "text/html", html), .unreadableAnswer, false), (.hangUp, .connectionLost, false),
            (.answer(401, "text/html", html), .unauthorized, true),
            (.answer(415, "text/html", html), .rejected, true),
            (.answer(408, "text/html", html), .timeout, false),
            (.answer(409, "text/html", html), .unreadableAnswer, false),
            (Self.answered(try SOAPResponse(body: Array("{}".utf8)).encode()), .unreadableAnswer, false),
        ]
        for (reaction, reason, isNotSent) in cases {
            try await Self.serving({ _ in reaction }) { platform, server in
                let failure = await Scene.failure(of: platform)
                #expect(
                    isNotSent ? Scene.isNotSent(failure, reason) : Scene.isUnknown(failure, reason),
                    "\(String(describing: failure))")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("can't be signed by a profile that needs JSON on the wire")
    func profile() throws {
        let key = SigningKey(id: "hufu-test", .secret(SharedSecret([UInt8](repeating: 7, count: 32))))
        let options = try Scene.options(signature: PlatformSignature(RequestSigner(.v320, key: key)))
        #expect(throws: FsiError.self) { try SOAPPlatform(site: Scene.site(1), options: options) }
    }
}
