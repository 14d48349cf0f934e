package import ActivationCodes
import AuditLog
import CoreFoundation
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import ServiceLifecycle
import ShangMi
import Storage
import Synchronization
import UnixSignals

/// A server on a data directory: store, keys, sequencer, sweep and the HTTP door, wired together.
package struct Server: Sendable {
    package let authority: Authority
    package let sequencer: Sequencer
    package let verifierKey: String
    /// Nil without a national platform.
    package let platform: NationalPlatform?
    private let group: ServiceGroup
    private let lock: DirectoryLock
    private let upstream: Upstream

    /// Opens everything; nothing runs yet. `onRunning` tells the port that was bound. What is logged is redacted,
    /// whatever the logger.
    package init(
        _ configuration: ServerConfiguration, entropy: EntropySource = .system,
        clock: @escaping @Sendable () -> Int64 = Server.systemClock,
        passwordCost: PasswordHasher.Cost = .standard,
        selfTest: () throws -> Void = { try ShangMi.selfTest() },
        logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        try configuration.check()
        try entropy.check()
        try selfTest()
        var logger = logger
        logger.handler = RedactingLogHandler(logger.handler)
        let directory = try DataDirectory(configuration.dataDirectory)
        lock = try directory.lock()
        let certificate = try configuration.tls.map { try ServerCertificate($0, now: clock() / 1_000_000) }
        let keys = try KeyFile(directory: directory, masterKeyFile: configuration.masterKeyFile).load(
            entropy: entropy)
        let store = try await Self.store(directory)
        let origin = try await Self.origin(store, configuration.origin)
        var configuration = configuration
        configuration.origin = origin
        let signer = NoteSigner(name: origin, key: keys.log)
        var log = Sequencer.Configuration(directory: configuration.logDirectory, origin: origin)
        log.heartbeat = configuration.heartbeat
        let sequencer = Sequencer(
            store: store, configuration: log, signer: signer, clock: clock, logger: logger)
        try await sequencer.resume()
        let authority = await Authority(
            store: store, keys: keys, entropy: entropy, clock: clock,
            passwords: PasswordHasher(cost: passwordCost, entropy: entropy), committed: { sequencer.notify() }
        )
        try await authority.discardUnconfirmedBatches()
        self.authority = authority
        self.sequencer = sequencer
        verifierKey = signer.verifierKey.text
        let platform = try await configuration.platform?(authority)
        await platform?.resume()
        self.platform = platform
        let door = try HTTPDoor(
            authority: authority, sequencer: sequencer, verifierKey: verifierKey,
            configuration: configuration, certificate: certificate, platform: platform, logger: logger)
        try await door.gateway.loadNonces()
        upstream = door.upstream
        let repeated = Self.repeated(door, certificate, configuration, logger)
        let application = try Self.application(door, configuration, logger, onRunning)
        group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: sequencer)] + repeated.map { .init(service: $0) }
                    + [.init(service: application)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    }

    /// Nanoseconds since 1970.
    package static let systemClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Runs until it is told to stop (SIGTERM, SIGINT): first the door closes, then the log catches up.
    package func run() async throws {
        do { try await group.run() } catch {
            try? await disconnect()
            throw error
        }
        try await disconnect()
        try authority.store.close()
    }

    /// Ends `run` as a signal would.
    package func stop() async { await group.triggerGracefulShutdown() }

    /// Sequences what waits and closes the database, for a server that was opened but not run.
    package func close() async throws {
        while try await sequencer.step() > 0 {}
        try await disconnect()
        try authority.store.close()
    }

    private func disconnect() async throws {
        try await upstream.shutDown()
        try await platform?.shutDown()
    }

    /// Opened, migrated and, as a write shows, not read-only: better told now than at the first request.
    private static func store(_ directory: DataDirectory) async throws -> Store {
        do {
            let store = try Store(path: directory.database)
            try await store.write { try $0.set("ready", to: "1") }
            return store
        } catch StorageError.unavailable(let reason) {
            throw DataDirectory.Unusable(description: "\(directory.database) can't be written: \(reason)")
        }
    }

    /// The log's name is fixed when the log begins: a key and a name make one log.
    private static func origin(_ store: Store, _ configured: String) async throws -> String {
        let known = try await store.write { transaction in
            if let known = try transaction.setting("log_origin") { return known }
            try transaction.set("log_origin", to: configured)
            return configured
        }
        guard known == configured || configured == ServerConfiguration(dataDirectory: "").origin else {
            throw DataDirectory.Unusable(
                description:
                    "this log is named \(known): a log can't be renamed, leave log.origin out or as it was")
        }
        return known
    }

    /// The loops beside the sequencer and the door.
    private static func repeated(
        _ door: HTTPDoor, _ certificate: ServerCertificate?, _ configuration: ServerConfiguration,
        _ logger: Logger
    ) -> [RepeatedService] {
        let authority = door.authority
        var services: [RepeatedService] = [
            .entryIndex(authority, logger), .sweep(authority, every: configuration.sweepInterval, logger),
            .nonces(door.gateway, logger),
        ]
        if let certificate {
            services.append(
                .certificates(
                    certificate.material, "the server's TLS files", every: configuration.certificateInterval,
                    { authority.clock() / 1_000_000 }, logger))
        }
        let platform = door.platform?.services(certificates: configuration.certificateInterval, logger)
        return services + (platform ?? [])
    }

    private static func application(
        _ door: HTTPDoor, _ configuration: ServerConfiguration, _ logger: Logger,
        _ onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> any ApplicationProtocol {
        guard let validation = door.routes.first(where: { $0.path == "/v1/validations" }) else {
            preconditionFailure("the routes have lost /v1/validations")
        }
        guard let call = door.callRoutes.first else { preconditionFailure("signed calls have no route") }
        let direct: [any DirectRoute] = [
            DirectValidation(door: door, route: validation), DirectCall(door: door, route: call),
        ]
        var builder = HTTPServerBuilder { responder in
            DirectHTTPChannel(responder: responder, door: door, routes: direct)
        }
        if let certificate = door.certificate {
            builder = try .tls(builder, tlsConfiguration: certificate.configuration)
        }
        var quiet = logger
        quiet.logLevel = .error
        return Application(
            responder: door.router().buildResponder(), server: builder,
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? configuration.port) },
            logger: quiet)
    }
}
