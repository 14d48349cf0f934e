import ActivationClient
import ArgumentParser
import AuditLog
import Foundation
import HufuServer
import Logging
import PlatformSimulator
import Synchronization

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a server and walk the whole life of a code over HTTP, checking every step.",
        discussion: """
            Applies, approves twice, issues, activates, binds, validates, renews and revokes a code and is refused. \
            Then a device calls the gateway, and the gateway a sandbox of the national platform: a visit is settled, \
            an answer is lost and found out, the day's books are compared. Verifies the log from outside and \
            stays up, with a one-time operator token for you.

            EXIT CODES
              0  every step held     1  one did not     2  the server can't start here

            EXAMPLES
              hufu demo
              hufu demo --exit --data demo-data
            """)

    @OptionGroup var settings: ServerSettings

    @Flag(help: "End after the walk instead of staying up.")
    var exit = false

    func run() async throws {
        var configuration = try await settings.configuration()
        if exit, settings.port == nil { configuration.port = 0 }
        let (running, started) = AsyncStream<Int>.makeStream()
        var quiet = Logger(label: "hufu") { StreamLogHandler.standardError(label: $0) }
        quiet.logLevel = max(configuration.logLevel, .warning)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let sandbox = try await DemoSandbox.start(
                in: configuration.dataDirectory + "/sandbox", &group)
            configuration.platform = try sandbox.platform()
            let server = try await Server.opened(configuration, logger: quiet) { port in
                started.yield(port)
                started.finish()
            }
            let final = configuration
            group.addTask {
                defer { started.finish() }
                try await server.serve(final)
            }
            var port: Int?
            for await bound in running { port = bound }
            guard let port else { return try await group.waitForAll() }
            do { try await walk(server, final, port, sandbox) } catch {
                await server.stop()
                group.cancelAll()
                throw error
            }
            if exit {
                await server.stop()
                // The server first: it still has connections to the sandbox.
                try await group.next()
                group.cancelAll()
            }
            try await group.waitForAll()
        }
    }

    private func walk(
        _ server: Server, _ configuration: ServerConfiguration, _ port: Int, _ sandbox: DemoSandbox
    ) async throws {
        let url = configuration.address(port: port)
        say("虎符 hufu demo: the whole life of a code over HTTP, at \(url)\n")
        let report = DemoReport()
        let stage = try DemoStage(
            address: ServerAddress(url), trustedCAFile: configuration.tls?.certificateFile, report: report)
        let cast = try await stage.cast(token: server.authority.operatorToken())
        let life = DemoLife(stage: stage, cast: cast)
        try await life.run()
        try await DemoVisit(
            stage: stage, cast: cast, platform: sandbox, directory: configuration.dataDirectory
        ).run()
        try await DemoProof(stage: stage, cast: cast, logDirectory: configuration.logDirectory)
            .run(covering: life.lastIndex())
        say("\n\(report.steps) steps held. 全部 \(report.steps) 步均已通过。\n")
        if exit { return }
        say("HTTP API        \(url)/v1      documentation \(url)/docs")
        say("public log      \(url)/log/checkpoint")
        say("log directory   \(configuration.logDirectory)")
        say(
            "verify it       hufu audit verify --directory \(configuration.logDirectory) --key \(configuration.logDirectory)/verifier.key"
        )
        try await server.showOperatorToken()
        say("sandbox         \(sandbox.addresses.control)/  live page and faults")
        say("stop            Ctrl-C")
    }
}

/// Prints what a step proved, and stops the walk where one does not hold.
final class DemoReport: Sendable {
    private let count = Mutex(0)

    var steps: Int { count.withLock { $0 } }

    func held(_ title: String, _ chinese: String, _ proved: [String]) {
        let number = count.withLock { count in
            count += 1
            return count
        }
        say("\(number < 10 ? " " : "")\(number). \(title)  \(chinese)")
        for line in proved { say("      ✓ \(line)") }
    }

    func expect(_ condition: Bool, _ what: String) throws {
        guard condition else { throw CommandFailure(.refused, "✗ does not hold: \(what)") }
    }
}

/// Printed at once, also into a pipe.
func say(_ text: String) {
    print(text)
    fflush(nil)
}
