import Foundation
import InsurancePlatform
import RequestSigning
public import ServiceLifecycle

/// A national platform of made-up data on this machine: OAuth2, mutual TLS, every face of the interfaces over a
/// ledger in SQLite, and faults on request (docs/formats/sandbox.md).
///
/// It can run inside a test: `run()` in a task of its own, and ``addresses`` once it listens.
public final class Sandbox: Service {
    public let configuration: SandboxConfiguration
    public let credentials: SandboxCredentials
    let directory: SandboxDirectory
    let ledger: Ledger
    let certificate: ServerCertificate
    let tokens: TokenBook
    let idTokenKeys: IDTokenKeys
    let faults: FaultPlan
    let time: SandboxTime
    let feed = TrafficFeed()
    let door: PlatformDoor
    private let lock: SandboxLock
    private let started = Announcement<SandboxAddresses>()

    /// Opens or makes everything in the data directory; listens nowhere yet.
    public init(configuration: SandboxConfiguration) async throws {
        self.configuration = configuration
        directory = try SandboxDirectory(configuration.dataDirectory)
        lock = try SandboxLock(directory)
        time = SandboxTime(configuration.clock)
        credentials = try SandboxCredentials(in: directory)
        let hosts =
            ["localhost", "127.0.0.1", "::1"] + configuration.hostNames
            + (["127.0.0.1", "localhost", "0.0.0.0", "::", "::1"].contains(configuration.host)
                ? [] : [configuration.host])
        let files = try SandboxFiles(in: directory, hosts: hosts, now: Self.date(time.now))
        certificate = try ServerCertificate(authority: files.authority, hosts: hosts, first: files.server)
        ledger = try Ledger(path: directory.file("ledger.db"))
        try await MadeUpData(
            seed: configuration.seed, persons: configuration.persons, admvs: configuration.institution.admvs
        ).fill(ledger)
        tokens = TokenBook(
            ledger: ledger, accessLifetime: configuration.accessTokenLifetime * 1000,
            refreshLifetime: configuration.refreshTokenLifetime * 1000)
        try await tokens.load()
        idTokenKeys = try IDTokenKeys()
        faults = FaultPlan(seed: configuration.seed, faults: [], now: time.now)
        door = PlatformDoor(
            desk: BusinessDesk(institution: configuration.institution), ledger: ledger,
            signatures: SignatureDesk(
                credentials, time: time, window: configuration.signatureWindow), tokens: tokens,
            faults: faults, time: time,
            feed: feed, form: configuration.form, sequence: CallSequence(),
            answerSigner: RequestSigner(.envelope, key: credentials.envelopeAnswerKey))
        try setFaults(configuration.faults)
    }

    /// Where it listens: waits until it does. Throws if it doesn't come to that.
    public var addresses: SandboxAddresses { get async throws { try await started.value } }

    /// Listens and serves until the task is cancelled or the service group shuts down.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await self.serve() }
        } catch is CancellationError {
        } catch {
            started.tell(.failure(error))
            feed.close()
            try? ledger.close()
            lock.release()
            throw error
        }
        started.tell(.failure(SandboxError("the sandbox has stopped")))
        feed.close()
        defer { lock.release() }
        try ledger.close()
    }

    private func serve() async throws {
        let web = try await HTTPListener.bind(
            host: configuration.host, port: configuration.port, certificate: certificate)
        let frames: FrameListener
        let control: HTTPListener
        do {
            frames = try await FrameListener.bind(
                host: configuration.host, port: configuration.framePort, certificate: certificate, door: door)
            do {
                control = try await HTTPListener.bind(host: "127.0.0.1", port: configuration.controlPort)
            } catch {
                await frames.close()
                throw error
            }
        } catch {
            await web.close()
            throw error
        }
        let addresses = SandboxAddresses(
            host: configuration.host, port: web.port, framePort: frames.port, controlPort: control.port,
            directory: directory)
        let site = PlatformSite(sandbox: self, issuer: addresses.base)
        let panel = ControlAPI(sandbox: self)
        try? directory.write("client/sandbox.json", bytes: addresses.json(self) + [UInt8(ascii: "\n")])
        try? directory.write("client/platform.json", bytes: addresses.settings(self) + [UInt8(ascii: "\n")])
        started.tell(.success(addresses))
        try await withThrowingTaskGroup { group in
            group.addTask { try await web.run({ await site.answer($0) }, refused: self.noteHandshake) }
            group.addTask { try await frames.run(refused: self.noteHandshake) }
            group.addTask { try await control.run { await panel.answer($0) } }
            try await group.next()
            group.cancelAll()
        }
    }

    @Sendable private func noteHandshake(_ reason: String) {
        var record = TrafficRecord(at: time.now, face: "tls", target: "handshake")
        record.checks.append(TrafficCheck("tls", .failed, reason))
        feed.add(record)
    }

    static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds / 1000))
    }
}
