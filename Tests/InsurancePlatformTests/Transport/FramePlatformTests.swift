import InsurancePlatform
import NIOCore
import NIOSSL
import Synchronization
import Testing

@Suite("The platform over frames", .timeLimit(.minutes(10)))
struct FramePlatformTests {
    private typealias Scene = TransportScene

    private static func serving(
        options: TransportOptions? = nil, _ react: @escaping TestPlatform.FrameReaction,
        _ body: (FramePlatform, TestPlatform) async throws -> Void
    ) async throws {
        let server = try await TestPlatform.frames(Scene.authority.get().server(), react: react)
        let platform = try FramePlatform(
            site: Scene.site(server.port), options: options ?? Scene.options(credential: { "token" }))
        do { try await body(platform, server) } catch {
            await platform.shutDown()
            try await server.end()
            throw error
        }
        await platform.shutDown()
        try await server.end()
    }

    private static let settle: TestPlatform.FrameReaction = { frame in
        let msgid = (try? FsiRequest(parsing: frame.body).msgid) ?? ""
        return [frame.response(body: FsiSamples.answer(["msgid": .string(msgid)]).encode())]
    }

    @Test("carries a typed transaction with its token")
    func carries() async throws {
        try await Self.serving({ [$0.response(body: FsiSamples.answer().encode())] }) { platform, server in
            let answer = try await platform.carry(
                Settlement(FsiSamples.request), msgid: FsiSamples.msgid, sender: FsiSamples.sender,
                insuplcAdmdvs: "330199")
            #expect(answer == FsiSamples.settled)
            let frame = try #require(server.frames.first)
            #expect(frame.infno == "2207" && frame.credential == "token" && frame.sequence != 0)
        }
    }

    @Test("carries many calls over one connection, answered in any order")
    func multiplexes() async throws {
        let held = Mutex<[Frame]>([])
        let ids = try MessageIDSource(fixmedinsCode: "H33010000001")
        try await Self.serving { frame in
            // Answers come in tens, the last first.
            let ready = held.withLock { held in
                held.append(frame)
                if held.count < 10 { return [Frame]() }
                defer { held = [] }
                return held.reversed()
            }
            return ready.flatMap { Self.settle($0) ?? [] }
        } _: { platform, server in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let msgid = ids.next(now: FsiSamples.now).text
                        let answer = try? await platform.carry(FsiSamples.settlement(msgid: msgid))
                        #expect(answer?.output["msgid"]?.string == msgid)
                    }
                }
            }
            #expect(server.frames.count == 100 && server.connectionCount == 1)
        }
    }

    @Test("fails every waiting call as unknown when the connection is lost, and connects again")
    func reconnects() async throws {
        let isBroken = Mutex(true)
        try await Self.serving { frame in
            isBroken.withLock { $0 } ? [] : Self.settle(frame)
        } _: { platform, server in
            await withTaskGroup(of: PlatformFailure?.self) { group in
                for _ in 0..<5 { group.addTask { await Scene.failure(of: platform) } }
                while server.frames.count < 5 { try? await Task.sleep(for: .milliseconds(5)) }
                server.dropConnections()
                for await failure in group { #expect(Scene.isUnknown(failure, .connectionLost)) }
            }
            isBroken.withLock { $0 = false }
            // The end of the connection may still be on its way here; then nothing is sent.
            var failure = await Scene.failure(of: platform)
            while Scene.isNotSent(failure, .connectionLost) { failure = await Scene.failure(of: platform) }
            #expect(failure == nil)
            #expect(server.frames.count == 6 && server.connectionCount == 2)
        }
    }

    @Test(
        "maps error frames by what they say of the call",
        arguments: [
            (FrameError.Code.badRequest, PlatformFailure.Reason.rejected, true),
            (.unauthorized, .unauthorized, true), (.overloaded, .overloaded, true),
            (.serverError, .serverError, false),
        ])
    func errors(code: FrameError.Code, reason: PlatformFailure.Reason, isNotSent: Bool) async throws {
        try await Self.serving({ [$0.response(FrameError(code, "x"))] }) { platform, _ in
            let failure = await Scene.failure(of: platform)
            #expect(isNotSent ? Scene.isNotSent(failure, reason) : Scene.isUnknown(failure, reason))
        }
    }

    @Test("takes an answer that can't be read, or that isn't to its call, for unknown")
    func unreadable() async throws {
        let reactions: [TestPlatform.FrameReaction] = [
            { [$0.response(body: Array("{".utf8))] }, { [$0.response(body: [])] },
            {
                [
                    Frame(
                        infno: "2208", sequence: $0.sequence, flags: .response,
                        body: FsiSamples.answer().encode())
                ]
            },
            { [Frame(infno: $0.infno, sequence: $0.sequence, body: $0.body)] },
        ]
        for reaction in reactions {
            try await Self.serving(reaction) { platform, server in
                #expect(Scene.isUnknown(await Scene.failure(of: platform), .unreadableAnswer))
                #expect(server.frames.count == 1)
            }
        }
    }

    @Test("gives up after its time, knows that the call had left, and ignores the late answer")
    func timeout() async throws {
        var options = try Scene.options()
        options.connect = .seconds(8)
        options.call = .seconds(8)
        let late = Mutex<Frame?>(nil)
        try await Self.serving(options: options) { frame in
            late.withLock { held in
                defer { held = held ?? frame }
                guard let first = held else { return [] }
                return (Self.settle(first) ?? []) + (Self.settle(frame) ?? [])
            }
        } _: { platform, server in
            #expect(Scene.isUnknown(await Scene.failure(of: platform), .timeout))
            let answer = try await platform.carry(
                FsiSamples.settlement(msgid: "H33010000001202311150613200002"))
            #expect(answer.output["msgid"] == "H33010000001202311150613200002")
            #expect(server.connectionCount == 1)
        }
    }

    @Test("that can't be reached or isn't trusted is certain not to have the call")
    func notSent() async throws {
        let port = try await Scene.freePort()
        let nobody = try FramePlatform(site: Scene.site(port), options: Scene.options())
        #expect(Scene.isNotSent(await Scene.failure(of: nobody), .unreachable))
        await nobody.shutDown()
        let authority = try Scene.authority.get()
        for tls in [
            try authority.client(root: "other"), try authority.client(certificate: "unknown"),
            try authority.client(certificate: nil),
        ] {
            try await Self.serving(options: Scene.options(tls), Self.settle) { platform, server in
                let failure = await Scene.failure(of: platform)
                // A connection can be reset before its alert was read.
                let isTrue =
                    Scene.isNotSent(failure, .tlsFailed) || Scene.isNotSent(failure, .connectionLost)
                #expect(isTrue, "\(String(describing: failure))")
                #expect(server.frames.isEmpty)
            }
        }
        let stranger = try await TestPlatform.frames(
            authority.server(certificate: "stranger"), react: Self.settle)
        let platform = try FramePlatform(site: Scene.site(stranger.port), options: Scene.options())
        #expect(Scene.isNotSent(await Scene.failure(of: platform), .tlsFailed))
        await platform.shutDown()
        try await stranger.end()
    }

    @Test("whose time was over before TLS had come about isn't sent")
    func mute() async throws {
        let server = try await TestPlatform.mute()
        var options = try Scene.options()
        options.connect = .milliseconds(200)
        options.call = .milliseconds(250)
        let platform = try FramePlatform(site: Scene.site(server.port), options: options)
        #expect(Scene.isNotSent(await Scene.failure(of: platform), .timeout))
        await platform.shutDown()
        try await server.end()
    }

    @Test("takes new certificates with the next call, and ends the old connection once it is idle")
    func reload() async throws {
        let authority = try Scene.authority.get()
        let current = Mutex(try authority.client())
        var options = try Scene.options()
        options.tls = { current.withLock { $0 } }
        try await Self.serving(options: options, Self.settle) { platform, server in
            #expect(await Scene.failure(of: platform) == nil)
            var renewed = try authority.client()
            renewed.minimumTLSVersion = .tlsv13
            current.withLock { [renewed] in $0 = renewed }
            #expect(await Scene.failure(of: platform) == nil)
            #expect(await Scene.failure(of: platform) == nil)
            #expect(server.connectionCount == 2)
        }
    }

    @Test("isn't sent a frame that is too large, and needs an address")
    func refused() async throws {
        try await Self.serving(Self.settle) { platform, server in
            var call = FsiSamples.settlement()
            call.infno = "9101"
            call.input = ["fsUploadIn": .string(String(repeating: "x", count: Frame.bodyLimit))]
            #expect(Scene.isNotSent(await Scene.failure(of: platform, call), .badRequest))
            #expect(server.frames.isEmpty)
        }
        #expect(throws: FsiError.self) {
            try FramePlatform(site: FsiSamples.site(), options: Scene.options())
        }
        let options = try Scene.options(signature: Scene.fieldSignature().signature)
        #expect(throws: FsiError.self) { try FramePlatform(site: Scene.site(1), options: options) }
    }
}
