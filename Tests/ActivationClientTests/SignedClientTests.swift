import ActivationClient
import Foundation
import HTTPTypes
import RequestSigning
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SignedClientTests {
    @Test(arguments: Profile.all)
    func `what arrives verifies, whatever the profile`(profile: Profile) async throws {
        let gateway = try await TestGateway()
        let key = try Self.key(profile)
        let client = try SignedClient(
            RequestSigner(profile, key: key), server: try ServerAddress(gateway.address))
        let answer = try await client.send(Self.message(profile))
        #expect(answer.status == 200 && answer.attempts == 1)
        let arrived = try #require(gateway.received.first)
        let fields = arrived.message.head.headerFields
        #expect(fields[try #require(HTTPField.Name("X-Api-Version"))] == profile.id)
        #expect(!fields.contains { $0.name.canonicalName.hasPrefix("hufu-") }, "the ticket stays here")
        #expect(fields[.contentLength] == "\(arrived.message.body.count)")
        #expect(!fields.contains { $0.name.canonicalName == "transfer-encoding" })
        let call = try RequestVerifier(profile).verify(
            arrived.message, now: arrived.at, key: key.verificationKey)
        #expect(call.keyID == key.id)
        #expect(String(decoding: call.content.body, as: UTF8.self).contains("330102199001011234"))
    }

    @Test func `a request without a body arrives as one`() async throws {
        let gateway = try await TestGateway()
        let client = try Self.client(gateway)
        _ = try await client.send(HTTPMessage(Self.head(.get, "/v3/insured/status?cardNo=%E5%BC%A0&b=+")))
        let arrived = try #require(gateway.received.first)
        #expect(arrived.message.head.path == "/v3/insured/status?cardNo=%E5%BC%A0&b=+")
        #expect(arrived.message.body.isEmpty)
        _ = try RequestVerifier(.v320).verify(
            arrived.message, now: arrived.at, key: try Self.key(.v320).verificationKey)
    }

    @Test func `a call is signed when it has a connection, not when it begins to wait for one`() async throws
    {
        // The client opens eight connections to a server, and these calls take half a second each.
        let gateway = try await TestGateway { _, _ in TestGateway.Answer(delay: .milliseconds(500)) }
        let key = SigningKey(id: "csb-key", .secret(SharedSecret("secret of the service bus")))
        let client = try SignedClient(
            RequestSigner(.csb, key: key), server: try ServerAddress(gateway.address))
        let begin = Date()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 { group.addTask { _ = try await client.send(Self.message(.csb)) } }
            try await group.waitForAll()
        }
        let received = gateway.received
        #expect(received.count == 32)
        let times = try received.map { try RequestVerifier(.csb).read($0.message).time }
        #expect(Set(times).count == 32, "a signature without a nonce is good once")
        let last = try #require(received.map(\.at).max())
        #expect(last - Int64(begin.timeIntervalSince1970 * 1000) >= 1400, "the last ones had to wait")
        for request in received {
            let signedAt = try RequestVerifier(.csb).read(request.message).time
            #expect(abs(request.at - signedAt) < 400, "signed \(request.at - signedAt) ms before it came")
        }
    }

    @Test func `a repeated call is signed afresh, and only a safe one is repeated`() async throws {
        let gateway = try await TestGateway { number, _ in
            number == 0 ? TestGateway.Answer(delay: nil) : TestGateway.Answer(status: number == 1 ? 503 : 200)
        }
        let client = try Self.client(gateway)
        let answer = try await client.send(Self.message(.v320), mayRepeat: true)
        #expect(answer.status == 200 && answer.attempts == 3)
        let verifier = RequestVerifier(.v320)
        let nonces = try gateway.received.map { try verifier.read($0.message).nonce }
        #expect(Set(nonces).count == 3)

        let silent = try await TestGateway { _, _ in TestGateway.Answer(delay: nil) }
        await #expect(throws: ServerUnreachable.self) {
            try await Self.client(silent).send(Self.message(.v320))
        }
        #expect(silent.received.count == 1)
        let busy = try await TestGateway { _, _ in TestGateway.Answer(status: 503) }
        #expect(try await Self.client(busy).send(Self.message(.v320)).attempts == 1)
    }

    @Test(arguments: [600.0, -600.0])
    func `the server's clock is learnt, and a call refused for its time is signed again`(
        clock: Double
    ) async throws {
        let key = try Self.key(.v320).verificationKey
        let gateway = try await TestGateway { _, request in
            let now = request.at + Int64(clock * 1000)
            do throws(SigningRefusal) {
                _ = try RequestVerifier(.v320).verify(request.message, now: now, key: key)
                return TestGateway.Answer(clock: clock)
            } catch {
                return TestGateway.Answer(status: 401, code: error.code.rawValue, clock: clock)
            }
        }
        let client = try Self.client(gateway)
        let answer = try await client.send(Self.message(.v320))
        #expect(answer.status == 200 && answer.attempts == 2)
        guard case .corrected(let milliseconds) = answer.clock else {
            Issue.record("not told: \(String(describing: answer.clock))")
            return
        }
        #expect(abs(milliseconds - Int64(clock * 1000)) < 2000)
        #expect(client.clockCorrection == milliseconds)
        #expect(try await client.send(Self.message(.v320)).attempts == 1)
    }

    @Test func `a clock too far off is told, not corrected for`() async throws {
        let gateway = try await TestGateway { _, _ in
            TestGateway.Answer(status: 401, code: "timestamp_too_old", clock: 1200)
        }
        let client = try Self.client(gateway)
        let answer = try await client.send(Self.message(.v320))
        guard case .beyondBound = answer.clock else {
            Issue.record("not told: \(String(describing: answer.clock))")
            return
        }
        #expect(answer.status == 401 && client.clockCorrection == 0)
    }

    @Test func `what can't be signed never leaves`() async throws {
        let gateway = try await TestGateway()
        var message = Self.message(.v320)
        message.body = Array("{\"a\":1,\"a\":2}".utf8)
        await #expect(throws: SigningRefusal.self) { try await Self.client(gateway).send(message) }
        #expect(gateway.received.isEmpty)
        // The next call has a connection of its own.
        #expect(try await Self.client(gateway).send(Self.message(.v320)).status == 200)
    }

    @Test func `a call ends at its deadline, which is within the window`() async throws {
        let gateway = try await TestGateway { _, _ in TestGateway.Answer(delay: .seconds(20)) }
        let signer = RequestSigner(.tif, key: try Self.key(.tif))
        let client = try SignedClient(
            signer, server: try ServerAddress(gateway.address), deadline: .milliseconds(300))
        let begin = ContinuousClock.now
        await #expect(throws: ServerUnreachable.self) { try await client.send(Self.message(.tif)) }
        #expect(ContinuousClock.now - begin < .seconds(10))
        let patient = try SignedClient(
            signer, server: try ServerAddress(gateway.address), deadline: .seconds(9000))
        #expect(patient.deadline == .seconds(179))
    }

    // MARK: Calls

    private static func client(_ gateway: TestGateway) throws -> SignedClient {
        try SignedClient(
            RequestSigner(.v320, key: try key(.v320)), server: try ServerAddress(gateway.address))
    }

    private static let secret = SharedSecret(Array(repeating: 7, count: 32))
    private static let id = "TESTKEY000000001"
    private static let made: [String: Result<SigningKey, any Error>] = Dictionary(
        uniqueKeysWithValues: Profile.all.map { profile in
            (profile.id, Result { try make(profile) })
        })

    private static func key(_ profile: Profile) throws -> SigningKey {
        try #require(made[profile.id]).get()
    }

    private static func make(_ profile: Profile) throws -> SigningKey {
        switch profile {
        case .v320: SigningKey(id: id, .secret(secret))
        case .envelope: .generate(for: try EnvelopeTerms(appID: id, appSecret: secret))
        default: try .generate(for: profile, id: id)
        }
    }

    private static func head(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
        HTTPRequest(method: method, scheme: nil, authority: nil, path: path)
    }

    private static func message(_ profile: Profile) -> HTTPMessage {
        var head = head(.post, "/v3/claims")
        head.headerFields[.contentType] = "application/json"
        for (name, value) in [("_api_name", "claims"), ("_api_version", "1.0.0")] where profile == .csb {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        let text = "{\"card_no\":\"330102199001011234\",\"amount\":100.00}"
        let body = profile == .fsiSM ? "{\"infno\":\"1101\",\"input\":\(text)}" : text
        return HTTPMessage(head, body: Array(body.utf8))
    }
}
