import ActivationClient
import ArgumentParser
import Foundation

/// Which server, and how its answer is shown.
struct ServerOptions: ParsableArguments {
    @Option(help: "The server, https://host[:port]. Default: HUFU_URL, else the server you signed in to.")
    var url: String?

    @Option(help: "PEM certificates to trust instead of the system's. Default: HUFU_CA_FILE.")
    var caFile: String?

    @Flag(help: "Print the server's JSON as it is.")
    var json = false

    /// The address that was asked for; nil leaves it to the session.
    func chosenAddress() throws -> ServerAddress? {
        try (url ?? ProcessInfo.processInfo.environment["HUFU_URL"]).map { try ServerAddress($0) }
    }

    var chosenCAFile: String? {
        let path = caFile ?? ProcessInfo.processInfo.environment["HUFU_CA_FILE"]
        // Kept in the session, and so it must not depend on the directory of the moment.
        return path.map { URL(fileURLWithPath: $0).path }
    }

    /// A connection without a token, to the chosen server or else to the session's.
    func anonymous() async throws -> APIConnection {
        if let address = try chosenAddress() {
            return try APIConnection(address, trustedCAFile: chosenCAFile)
        }
        guard let session = try await sessionFile().load() else {
            throw CommandFailure(.environment, "error: no server given\n  cure: --url URL, or set HUFU_URL")
        }
        return try APIConnection(
            ServerAddress(session.server), trustedCAFile: chosenCAFile ?? session.trustedCAFile)
    }

    /// The operator's connection, its token refreshed where needed.
    func signedIn() async throws -> APIConnection {
        guard let session = try await sessionFile().current(at: Date()) else {
            throw CommandFailure(.environment, "error: nobody is signed in\n  cure: hufu operator login NAME")
        }
        if let address = try chosenAddress(), address.text != session.server {
            throw CommandFailure(
                .environment,
                "error: signed in to \(session.server), not to \(address)\n"
                    + "  cure: hufu operator login NAME --url \(address)")
        }
        return try APIConnection(
            ServerAddress(session.server), token: session.accessToken,
            trustedCAFile: chosenCAFile ?? session.trustedCAFile)
    }

    /// Nil when nobody is signed in to the chosen server; a session that has ended counts so too.
    func signedInIfPossible() async throws -> APIConnection? {
        guard let session = try await sessionFile().load() else { return nil }
        if let address = try chosenAddress(), address.text != session.server { return nil }
        do {
            return try await signedIn()
        } catch let problem as APIProblem where problem.status == 401 {
            return nil
        }
    }

    func sessionFile() throws -> SessionFile {
        guard let path = SessionFile.path(in: ProcessInfo.processInfo.environment) else {
            throw CommandFailure(.environment, "error: neither XDG_CONFIG_HOME nor HOME is set")
        }
        return SessionFile(path: path)
    }
}
