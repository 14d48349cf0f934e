import ActivationCodes
import AuditLog
import Foundation
import HufuServer
import Logging
import Storage
import Testing

/// A whole server in this process: its own directory, real SQLite, a live socket on a free port, and a clock
/// that the test can move forward. When the scenario ends, the log is verified from its directory as an
/// outsider would.
struct RunningServer: Sendable {
    let server: Server
    let port: Int
    let scheme: String
    let clock: TestClock
    /// The data directory.
    let directory: String
    let log: CapturedLog
    let sessions = Sessions()

    struct DidNotStart: Error {}

    /// - Parameter directory: a data directory to serve; without one, a new one that is gone afterwards.
    static func run(
        in directory: String? = nil, clock: TestClock = TestClock(), checksLog: Bool = true,
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        scenario: (RunningServer) async throws -> Void
    ) async throws {
        let temporary = try TemporaryDirectory()
        defer { temporary.remove() }
        let path = directory ?? temporary.path + "/data"
        var configuration = ServerConfiguration(dataDirectory: path)
        configuration.port = 0
        configuration.sweepInterval = .seconds(3600)
        change(&configuration)
        let log = CapturedLog()
        let (ports, port) = AsyncStream<Int>.makeStream()
        let server = try await Server(
            configuration, clock: clock.nanoseconds, passwordCost: .init(rounds: 1 << 10), logger: log.logger,
            onRunning: { port.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await server.run()
            }
            guard let number = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw DidNotStart()
            }
            let running = RunningServer(
                server: server, port: number, scheme: configuration.tls == nil ? "http" : "https",
                clock: clock,
                directory: path, log: log)
            do {
                try await scenario(running)
                if checksLog { try await running.checkLog() }
            } catch {
                await server.stop()
                try? await group.waitForAll()
                throw error
            }
            await server.stop()
            try await group.waitForAll()
        }
    }

    /// Verifies the whole log from its directory with nothing but its key, and every entry against the schema.
    func checkLog(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let count = try await caughtUp()
        let text = try String(contentsOfFile: directory + "/log/verifier.key", encoding: .utf8)
        let key = try NoteVerifierKey(text.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(key.text == server.verifierKey, sourceLocation: sourceLocation)
        let reader = DirectoryTiles(directory: directory + "/log")
        let report = try await LogVerifier(key: key, reader: reader).verify()
        #expect(report.findings.isEmpty && report.holds, "\(report.findings)", sourceLocation: sourceLocation)
        #expect(report.entriesChecked >= count, sourceLocation: sourceLocation)
        for entry in try await entries() {
            #expect(AuditEntry.schema.violations(entry).isEmpty, sourceLocation: sourceLocation)
        }
    }

    struct LogIsBehind: Error {}

    /// Waits until all that was committed is covered by a signed checkpoint; answers how many entries that is.
    @discardableResult
    func caughtUp() async throws -> Int {
        let count = try await server.authority.store.read { try $0.entryCount() }
        for _ in 0..<3000 {
            if logSize >= count { return count }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw LogIsBehind()
    }

    /// How many entries the signed checkpoint covers.
    var logSize: Int { server.sequencer.latest?.head.size ?? -1 }

    /// A new one-time token, as the start-up shows it.
    func operatorToken() async throws -> String { try await server.authority.operatorToken() }

    /// Every entry of the log, oldest first, straight from the database: reading them so logs nothing.
    func entries(event: String? = nil) async throws -> [JSON] {
        try await server.authority.store.read { transaction in
            var filter = EntryFilter()
            filter.event = event
            return try transaction.entries(filter, after: -1, newestFirst: false, limit: 1_000_000)
        }.map { try JSON(parsing: Array($0.body)) }
    }

    func entry(ofRequest id: String) async throws -> JSON? {
        try await entries().first { $0["request_id"]?.string == id }
    }
}

/// A directory of its own, to be removed when the test ends.
struct TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("hufu-server-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    static func use(_ body: (TemporaryDirectory) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try await body(directory)
    }
}
