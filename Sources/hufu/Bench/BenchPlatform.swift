import ArgumentParser
import Crypto
import HufuServer
import InsurancePlatform
import RequestSigning
import Storage

struct BenchPlatform: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform", abstract: "Calls through the gateway to a sandbox, beside direct ones.",
        discussion: """
            The sandbox is a process of its own, with mutual TLS, tokens and signatures. platform.added.* is how much \
            longer a call takes that goes through the gateway (its signature verified, its entries and the journal \
            durable, signed anew) than one that the caller itself sends to the sandbox: four queries to each \
            settlement, at a steady rate. platform.headroom is settlements alone, at full load.
            """)

    @OptionGroup var options: BenchOptions

    @Option(help: "Calls a second while latency is measured.")
    var rate = BenchPlatform.standardRate

    func run() async throws {
        guard (10...5000).contains(rate) else { throw ValidationError("--rate is 10 to 5000") }
        try await options.run([
            { [rate] in try await Self.measure($0, rate: rate) }, BenchPlatformParts.measure,
        ])
    }

    static let standardRate = 500

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        try await measure(directory, rate: standardRate)
    }

    private static func measure(_ directory: String, rate: Int) async throws -> [BenchFigure] {
        let sandbox = try await SandboxProcess(directory: directory + "/sandbox")
        defer { sandbox.end() }
        let settings = sandbox.settings
        let (ports, found) = AsyncStream<Int>.makeStream()
        let stage = try await BenchStage(
            directory: directory + "/platform", onRunning: { found.yield($0) },
            platform: { try await NationalPlatform(settings, authority: $0) })
        let signer = try await signer(stage)
        let running = Task { try await stage.server.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CommandFailure(.environment, "error: no server") }
        let direct = try DirectPlatform(settings)
        let gateway = GatewayCaller(
            signer, site: settings.site, port: port, connections: PlatformCourse.atOnce)
        let result: Result<[BenchFigure], any Error>
        do {
            let course = PlatformCourse(
                gateway: gateway, direct: direct.carrier, store: stage.server.authority.store,
                visits: try await BenchVisits(direct.carrier, site: settings.site))
            result = .success(try await course.latency(rate: rate) + course.headroom(rate * 3))
        } catch {
            result = .failure(error)
        }
        try await gateway.shutDown()
        try await direct.shutDown()
        await stage.server.stop()
        try await running.value
        return try result.get()
    }

    /// A bound device's key for v3.3.0, as the gateway's own to the sandbox.
    private static func signer(_ stage: BenchStage) async throws -> RequestSigner {
        let key = P256.Signing.PrivateKey()
        let registered = try await stage.server.authority.registerSigningKey(
            stage.device(), SigningKeyRequest(profile: .v330, publicKey: key.publicKey.pemRepresentation))
        return RequestSigner(.v330, key: SigningKey(id: registered.id, .p256(key)))
    }
}
