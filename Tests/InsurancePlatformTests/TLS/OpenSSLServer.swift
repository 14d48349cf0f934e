import Foundation
import Testing

/// A running `openssl s_server` on a free port of 127.0.0.1.
final class OpenSSLServer: Sendable {
    struct NotStarted: Error {
        let output: String
    }

    let port: Int
    private let process: Process

    private init(port: Int, process: Process) {
        self.port = port
        self.process = process
    }

    /// Serves `NAME.pem` with `NAME.key`, and more certificates after it.
    ///
    /// - Parameter more: further arguments; files are those of the folder.
    static func start(
        _ folder: OpenSSLFolder, leaf: String = "leaf", chain: [String] = ["intermediate"],
        _ more: [String] = []
    ) async throws -> OpenSSLServer {
        var arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "\(leaf).pem", "-key", "\(leaf).key",
        ]
        if !chain.isEmpty {
            let served = "served-" + UUID().uuidString
            try folder.join(chain.map { "\($0).pem" }, into: served)
            arguments += ["-cert_chain", served]
        }
        let log = "log-" + UUID().uuidString
        let process = try folder.process(arguments + more, log: log)
        try process.runWithSignals()
        // It prints `ACCEPT 127.0.0.1:PORT` when it listens.
        while true {
            let text = try folder.text(log)
            if let match = text.firstMatch(of: /ACCEPT [0-9.]+:([0-9]+)\n/), let port = Int(match.1) {
                return OpenSSLServer(port: port, process: process)
            }
            guard process.isRunning else { throw NotStarted(output: text) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    deinit { process.terminate() }
}
