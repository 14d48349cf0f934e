import InsurancePlatform
import NIOHTTP1
import NIOSSL
import Synchronization
import Testing

@Suite("The platform over REST", .timeLimit(.minutes(10)))
struct RESTPlatformTests {
    private typealias Scene = TransportScene

    private static func answering(
        _ reaction: TestPlatform.Reaction, _ body: (RESTPlatform, TestPlatform) async throws -> Void
    ) async throws {
        try await Scene.servingREST(options: Scene.options(), { _ in reaction }, body)
    }

    private static let settled = Scene.settled

    @Test("carries a typed transaction")
    func carries() async throws {
        let options = try Scene.options(credential: { "token-1" })
        try await Scene.servingREST(options: options, { _ in Self.settled }) { platform, server in
            let answer = try await platform.carry(
                Settlement(FsiSamples.request), msgid: FsiSamples.msgid, sender: FsiSamples.sender,
                insuplcAdmdvs: "330199")
            #expect(answer == FsiSamples.settled)
            let request = try #require(server.requests.first)
            #expect(request.head.uri == "/rio/fsi/api/outpatientSettleService/saveSettletmentV2")
            #expect(
                request.head.method == .POST && request.head.headers["Authorization"] == ["Bearer token-1"])
            #expect(request.head.headers["Content-Type"] == ["application/json; charset=utf-8"])
            let names = request.head.headers.map(\.name)
            #expect(!names.contains { $0.contains("ticket") })
            #expect(try FsiRequest(parsing: request.body).msgid == FsiSamples.msgid)
        }
    }

    @Test("gives business refusals as answers")
    func businessRefusal() async throws {
        let refusal = FsiSamples.answer(.null, infcode: 1201, message: "余额不足").encode()
        try await Self.answering(.answer(200, "application/json", refusal)) { platform, _ in
            let answer = try await platform.carry(FsiSamples.settlement())
            #expect(answer.infcode == 1201 && answer.message == "余额不足")
            await #expect(throws: BusinessRefusal(infcode: 1201, message: "余额不足")) {
                try await platform.carry(
                    Settlement(FsiSamples.request), msgid: FsiSamples.msgid, sender: FsiSamples.sender,
                    insuplcAdmdvs: "330199")
            }
        }
    }

    @Test(
        "says of each failure whether the call may have been carried out",
        arguments: [
            (.answer(401, "text/plain", []), .notSent(.unauthorized, detail: "")),
            (.answer(403, "text/plain", []), .notSent(.unauthorized, detail: "")),
            (.answer(408, "text/plain", []), .unknown(.timeout, detail: "")),
            (.answer(500, "text/plain", []), .unknown(.serverError, detail: "")),
            (
                .answer(503, "application/json", FsiSamples.answer().encode()),
                .unknown(.serverError, detail: "")
            ),
            (.answer(200, "text/html", Array("<html>".utf8)), .unknown(.unreadableAnswer, detail: "")),
            (.answer(200, "application/json", []), .unknown(.unreadableAnswer, detail: "")),
            (.hangUp, .unknown(.connectionLost, detail: "")),
            (.halfBody(FsiSamples.answer().encode()), .unknown(.connectionLost, detail: "")),
        ] as [(TestPlatform.Reaction, PlatformFailure)])
    func failures(reaction: TestPlatform.Reaction, expected: PlatformFailure) async throws {
        try await Self.answering(reaction) { platform, server in
            let failure = await Scene.failure(of: platform)
            switch expected {
            case .notSent(let reason, _):
                #expect(Scene.isNotSent(failure, reason), "\(String(describing: failure))")
            case .unknown(let reason, _):
                #expect(Scene.isUnknown(failure, reason), "\(String(describing: failure))")
            }
            #expect(server.requests.count == 1, "never sent twice")
        }
    }

    @Test("takes a status for a refusal only where it says that the request wasn't begun with")
    func statuses() async throws {
        let refusals = [
            301, 302, 307, 308, 400, 404, 405, 410, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431,
        ]
        let reasons: [(statuses: [Int], reason: PlatformFailure.Reason, isNotSent: Bool)] = [
            (refusals, .rejected, true), ([401, 403], .unauthorized, true), ([408], .timeout, false),
            ([300, 303, 406, 409, 412, 422, 423, 424, 425, 451, 499], .unreadableAnswer, false),
            ([500, 501, 502, 503, 504, 521, 599], .serverError, false),
        ]
        let status = Mutex(0)
        try await Scene.servingREST(options: Scene.options(), site: { _ in }) { _ in
            .answer(status.withLock { $0 }, "text/plain", [])
        } _: { platform, server in
            for (statuses, reason, isNotSent) in reasons {
                for code in statuses {
                    status.withLock { $0 = code }
                    let before = server.requests.count
                    let failure = await Scene.failure(of: platform)
                    let isTold =
                        isNotSent ? Scene.isNotSent(failure, reason) : Scene.isUnknown(failure, reason)
                    #expect(isTold, "\(code): \(String(describing: failure))")
                    #expect(server.requests.count == before + 1, "\(code) was sent again")
                }
            }
        }
    }

    /// A call's time on a connection that is open already, however long it took to open.
    private static func afterOpening(
        _ options: TransportOptions, react: @escaping @Sendable (Int) -> TestPlatform.Reaction,
        _ body: (RESTPlatform, TestPlatform) async throws -> Void
    ) async throws {
        let isOpen = Mutex(false)
        let count = Mutex(0)
        try await Scene.servingREST(options: options, site: { _ in }) { _ in
            guard isOpen.withLock({ $0 }) else { return settled }
            return react(
                count.withLock { count in
                    defer { count += 1 }; return count
                })
        } _: { platform, server in
            while await Scene.failure(of: platform) != nil {}
            isOpen.withLock { $0 = true }
            try await body(platform, server)
        }
    }

    @Test("gives up after its time, and knows that the call had left")
    func timeout() async throws {
        var options = try Scene.options()
        options.connect = .seconds(4)
        options.call = .seconds(4)
        try await Self.afterOpening(options, react: { _ in .silence }) { platform, server in
            let before = server.requests.count
            #expect(Scene.isUnknown(await Scene.failure(of: platform), .timeout))
            #expect(server.requests.count == before + 1)
        }
    }

    @Test("whose time was over before TLS had come about isn't sent")
    func mute() async throws {
        let server = try await TestPlatform.mute()
        var options = try Scene.options()
        options.connect = .milliseconds(200)
        options.call = .milliseconds(200)
        let platform = try RESTPlatform(site: Scene.site(server.port), options: options)
        #expect(Scene.isNotSent(await Scene.failure(of: platform), .timeout))
        try await platform.shutDown()
        try await server.end()
    }

    @Test("that waited for a connection says truly whether it was sent")
    func held() async throws {
        var options = try Scene.options()
        options.connections = 1
        options.connect = .seconds(4)
        options.call = .seconds(4)
        try await Self.afterOpening(options, react: { $0 == 0 ? .silence : Self.settled }) {
            platform, server in
            let before = server.requests.count
            async let first = Scene.failure(of: platform)
            while server.requests.count == before { try await Task.sleep(for: .milliseconds(5)) }
            // The only connection is taken until the first call's time is over, and the client may open another
            // one then; whatever it does, what it says has to be true.
            let msgid = "H33010000001202311150613200002"
            let second = await Scene.failure(of: platform, FsiSamples.settlement(msgid: msgid))
            #expect(Scene.isUnknown(await first, .timeout))
            try await Task.sleep(for: .milliseconds(300))
            let carried = server.requests.contains {
                (try? FsiRequest(parsing: $0.body))?.msgid == msgid
            }
            if case .notSent? = second { #expect(!carried) } else { #expect(carried) }
        }
    }

    @Test("that is waited for no longer is unknown")
    func cancelled() async throws {
        try await Self.answering(.silence) { platform, server in
            let task = Task { await Scene.failure(of: platform) }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            #expect(Scene.isUnknown(await task.value, .timeout))
        }
    }

    @Test("that can't be reached is certain not to have the call")
    func unreachable() async throws {
        let port = try await Scene.freePort()
        let platform = try RESTPlatform(site: Scene.site(port), options: Scene.options())
        #expect(Scene.isNotSent(await Scene.failure(of: platform), .unreachable))
        try await platform.shutDown()
        var site = FsiSamples.site(baseURL: "https://no-such-host.invalid")
        site.appendsInfno = true
        let nowhere = try RESTPlatform(site: site, options: Scene.options())
        #expect(Scene.isNotSent(await Scene.failure(of: nowhere), .unreachable))
        try await nowhere.shutDown()
    }

    @Test("isn't sent anything when its certificate isn't trusted, or it refuses ours")
    func certificates() async throws {
        let authority = try Scene.authority.get()
        try await Scene.servingREST(
            options: Scene.options(authority.client(root: "other")), { _ in Self.settled }
        ) {
            platform, server in
            #expect(Scene.isNotSent(await Scene.failure(of: platform), .tlsFailed))
            #expect(server.requests.isEmpty)
        }
        for certificate in ["unknown", nil] {
            let tls = try authority.client(certificate: certificate)
            try await Scene.servingREST(options: Scene.options(tls), { _ in Self.settled }) {
                platform, server in
                let failure = await Scene.failure(of: platform)
                // When the connection is reset before its alert was read, nobody can know.
                let isTrue =
                    Scene.isNotSent(failure, .tlsFailed) || Scene.isUnknown(failure, .connectionLost)
                #expect(isTrue, "\(String(describing: failure))")
                #expect(server.requests.isEmpty)
            }
        }
        let stranger = try await TestPlatform.http(authority.server(certificate: "stranger")) { _ in
            Self.settled
        }
        let platform = try RESTPlatform(site: Scene.site(stranger.port), options: Scene.options())
        #expect(Scene.isNotSent(await Scene.failure(of: platform), .tlsFailed))
        try await platform.shutDown()
        try await stranger.end()
    }

    @Test("isn't called with a configuration that doesn't verify, over http, or with times beyond the window")
    func refusedConfiguration() async throws {
        var lax = try Scene.authority.get().client()
        lax.certificateVerification = .noHostnameVerification
        try await Scene.servingREST(options: Scene.options(lax), { _ in Self.settled }) { platform, server in
            #expect(Scene.isNotSent(await Scene.failure(of: platform), .tlsFailed))
            #expect(server.requests.isEmpty)
        }
        for base in [
            "http://localhost:1", "localhost", "https://localhost:1/", "https://", "https://u@localhost",
            "https://a b",
        ] {
            #expect(throws: FsiError.self) {
                try RESTPlatform(site: FsiSamples.site(baseURL: base), options: Scene.options())
            }
        }
        var slow = try Scene.options()
        slow.call = .seconds(300)
        #expect(throws: FsiError.self) { try RESTPlatform(site: Scene.site(1), options: slow) }
        slow.call = .seconds(181)
        slow.signature = Scene.fieldSignature().signature
        #expect(throws: FsiError.self) { try RESTPlatform(site: Scene.site(1), options: slow) }
    }

    @Test("isn't called without a token, and tells whose token was refused")
    func tokens() async throws {
        struct Gone: Error {}
        let refused = Mutex<[String]>([])
        var options = try Scene.options(credential: { throw Gone() })
        try await Scene.servingREST(options: options, { _ in Self.settled }) { platform, server in
            #expect(Scene.isNotSent(await Scene.failure(of: platform), .noToken))
            #expect(server.requests.isEmpty)
        }
        options.credential = { "stale" }
        options.credentialRefused = { token in refused.withLock { $0.append(token) } }
        try await Scene.servingREST(options: options, { _ in .answer(401, "text/plain", []) }) {
            platform, _ in
            #expect(Scene.isNotSent(await Scene.failure(of: platform), .unauthorized))
        }
        #expect(refused.withLock { $0 } == ["stale"])
    }

    @Test("is sent nothing that doesn't fit its format")
    func badRequest() async throws {
        try await Self.answering(Self.settled) { platform, server in
            var call = FsiSamples.settlement()
            call.insuplcAdmdvs = nil
            #expect(Scene.isNotSent(await Scene.failure(of: platform, call), .badRequest))
            #expect(server.requests.isEmpty)
        }
    }

    @Test("takes new certificates with the next call")
    func reload() async throws {
        let authority = try Scene.authority.get()
        let current = Mutex(try authority.client(root: "other"))
        var options = try Scene.options()
        options.tls = { current.withLock { $0 } }
        try await Scene.servingREST(options: options, { _ in Self.settled }) { platform, server in
            #expect(Scene.isNotSent(await Scene.failure(of: platform), .tlsFailed))
            let renewed = try authority.client()
            current.withLock { $0 = renewed }
            #expect(await Scene.failure(of: platform) == nil)
            #expect(await Scene.failure(of: platform) == nil)
            #expect(server.connectionCount == 2, "one refused, one for both calls")
        }
    }

    @Test("answers 9102 with a file as it is")
    func file() async throws {
        let archive = try StatementFile.zip(differences: [])
        try await Self.answering(.answer(200, "application/octet-stream", archive)) { platform, _ in
            let answer = try await platform.carry(
                FileDownload(fileQuryNo: "Q", filename: "d.zip", fixmedinsCode: "H33010000001"),
                msgid: FsiSamples.msgid, sender: FsiSamples.sender)
            #expect(answer == FileDownload.Answer(filename: "d.zip", content: archive))
        }
    }

    @Test("carries many calls at a time")
    func concurrent() async throws {
        let echo: @Sendable (TestPlatform.Request) -> TestPlatform.Reaction = { request in
            let msgid = (try? FsiRequest(parsing: request.body).msgid) ?? ""
            return .answer(200, "application/json", FsiSamples.answer(["msgid": .string(msgid)]).encode())
        }
        let ids = try MessageIDSource(fixmedinsCode: "H33010000001")
        try await Scene.servingREST(options: Scene.options(), echo) { platform, server in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        let msgid = ids.next(now: FsiSamples.now).text
                        let answer = try? await platform.carry(FsiSamples.settlement(msgid: msgid))
                        #expect(answer?.output["msgid"]?.string == msgid)
                    }
                }
            }
            #expect(server.requests.count == 200)
        }
    }
}
