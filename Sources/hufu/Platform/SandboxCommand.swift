import ArgumentParser
import Foundation
import HufuServer
import Logging
import PlatformSimulator
import ServiceLifecycle
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run a national platform of made-up data that misbehaves on request.",
        discussion: """
            Mutual TLS with a CA of its own, OAuth2 with a login page, every signature profile, fsi, v3, envelope, \
            SOAP and frames over one ledger. Secrets are written to files of the data directory (mode 0600), never \
            shown. The control API and the live page answer on loopback only.

            EXAMPLES
              hufu sandbox --data /tmp/sandbox
              hufu sandbox --data /tmp/sandbox --seed 7 --scenario lost-answers.json
              curl http://127.0.0.1:9082/faults -X PUT -d '{"faults":[{"kind":"drop_after_commit","infno":"2207"}]}'
            """)

    @Option(help: "The directory of the CA, the keys and the ledger.")
    var data = "hufu-sandbox"

    @Option(help: "Where HTTPS and frames listen.")
    var host = "127.0.0.1"

    @Option(help: "Port of HTTPS, 0 for a free one.")
    var port = 9080

    @Option(help: "Port of frames, 0 for a free one.")
    var framePort = 9081

    @Option(help: "Port of the control API on loopback, 0 for a free one.")
    var controlPort = 9082

    @Option(help: "Another name or address in the server's certificate; may be repeated.")
    var name: [String] = []

    @Option(help: "Decides the made-up persons and whom the faults strike.")
    var seed: UInt64 = 2026

    @Option(help: "How many persons are made up.")
    var persons = 200

    @Option(help: "A JSON file of faults, as PUT /faults takes them.")
    var scenario: String?

    @Option(help: "Seconds for which a signed request is taken, where its profile allows more; 5 at least.")
    var window: Int?

    @Option(help: "A redirect URI of the client, compared exactly; may be repeated.")
    var redirect: [String] = []

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    func validate() throws {
        guard 5...3600 ~= window ?? 5 else { throw ValidationError("--window takes 5 to 3600 seconds") }
    }

    func run() async throws {
        let sandbox: Sandbox
        do { sandbox = try await Sandbox(configuration: settings()) } catch let error as SandboxError {
            throw CommandFailure(.environment, "error: \(error)")
        }
        var logger = Logger(label: "sandbox") {
            RedactingLogHandler(StreamLogHandler.standardError(label: $0))
        }
        logger.logLevel = .error
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: sandbox)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let addresses: SandboxAddresses
            do { addresses = try await sandbox.addresses } catch {
                throw CommandFailure(
                    .environment, "error: the sandbox can't listen on \(host): \(error)")
            }
            say(
                json
                    ? String(decoding: addresses.json(sandbox), as: UTF8.self)
                    : SandboxNotice(sandbox: sandbox, addresses: addresses).text)
            try await tasks.waitForAll()
        }
    }

    private func settings() throws -> SandboxConfiguration {
        var settings = SandboxConfiguration(dataDirectory: data)
        settings.host = host
        settings.port = port
        settings.framePort = framePort
        settings.controlPort = controlPort
        settings.hostNames = name
        settings.seed = seed
        settings.persons = persons
        settings.redirectURIs += redirect
        settings.signatureWindow = window
        if let scenario {
            do {
                settings.faults = try Fault.faults(inJSON: Array(Data(contentsOf: URL(filePath: scenario))))
            } catch let error as Fault.Malformed {
                throw CommandFailure(.environment, "error: \(scenario): \(error)")
            }
        }
        return settings
    }
}
