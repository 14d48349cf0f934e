import ArgumentParser
import AuditLog
import Foundation
import HufuServer
import Logging
import NIOCore

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the authority on a data directory.",
        discussion: """
            Listens on loopback unless TLS or a trusted proxy is given. At the first start a one-time \
            token is shown with which the first operator makes himself known; hufu init makes a new one.

            EXAMPLES
              hufu serve --data /var/lib/hufu
              hufu serve --host 0.0.0.0 --port 8443 --tls-certificate chain.pem --tls-key key.pem
              hufu serve --host 0.0.0.0 --behind-proxy 10.0.0.0/8
            """)

    @OptionGroup var settings: ServerSettings

    @Flag(help: "List every configuration key, its form and default, and stop.")
    var helpConfig = false

    func run() async throws {
        if helpConfig {
            say(Self.keys)
            return
        }
        let configuration = try await settings.configuration()
        let server = try await Server.opened(configuration) { port in
            say("hufu \(HufuServer.Hufu.version) serves \(configuration.address(port: port))")
        }
        say("data        \(configuration.dataDirectory)")
        say("log         \(configuration.logDirectory)")
        say("verifier    \(server.verifierKey)")
        if try await server.authority.needsOperatorToken() { try await server.showOperatorToken() }
        try await server.serve(configuration)
    }

    private static var keys: String {
        var table = Table(head: ["KEY", "ENVIRONMENT", "ALLOWED", "DEFAULT", "WHAT IT DOES"])
        for key in ConfigurationKey.all {
            table.add([key.name, key.environmentName, key.allowed, key.standard, key.help])
        }
        return """
            Flags (--KEY VALUE) come before the environment, the environment before the file (--config FILE, a \
            JSON object).

            \(table.text)
            """
    }
}

extension Server {
    /// Opens a server; what prevents it is told without a stack of errors.
    static func opened(
        _ configuration: ServerConfiguration, logger given: Logger? = nil,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws -> Server {
        var logger = given ?? Logger(label: "hufu") { StreamLogHandler.standardError(label: $0) }
        if given == nil { logger.logLevel = configuration.logLevel }
        do {
            return try await Server(configuration, logger: logger, onRunning: onRunning)
        } catch let error as DataDirectory.Unusable {
            throw CommandFailure(.environment, "error: \(error)")
        } catch let error as TileError {
            throw CommandFailure(
                .environment,
                "error: the log in \(configuration.logDirectory) is not the signed one: \(error)")
        } catch {
            throw CommandFailure(.environment, "error: \(error)")
        }
    }

    /// Runs until it is told to stop; what keeps it from listening is told plainly.
    func serve(_ configuration: ServerConfiguration) async throws {
        do { try await run() } catch let error as IOError {
            let address = configuration.address(port: configuration.port)
            throw CommandFailure(
                .environment,
                "error: can't listen at \(address): \(String(cString: strerror(error.errnoCode)))")
        }
    }

    func showOperatorToken() async throws {
        say("one-time operator token   \(try await authority.operatorToken())")
        say("  use it once: hufu operator first NAME --url URL   用它登记一位管理员，仅可使用一次")
    }
}

extension ServerConfiguration {
    func address(port: Int) -> String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(tls == nil ? "http" : "https")://\(shown):\(port)"
    }
}
