import Foundation

/// One TLS connection, made and held by `openssl s_client`: it tells which certificate it was shown.
final class OpenSSLClient: Sendable {
    struct Ended: Error {
        let output: String
    }

    private let process: Process
    private let input: Pipe
    private let output: String

    /// - Parameter roots: a PEM file with what is trusted.
    init(port: Int, roots: String, in folder: TLSFolder) throws {
        output = folder.file("client-" + UUID().uuidString)
        try Data().write(to: URL(filePath: output))
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        input = Pipe()
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "timeout", "60", "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", roots,
            "-verify_return_error", "-verify_ip", "127.0.0.1",
        ]
        process.standardInput = input
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
    }

    deinit { process.terminate() }

    /// The common name of the certificate that the server showed.
    func name() async throws -> String {
        try await text { text in
            text.firstMatch(of: /(?m)^subject=.*CN ?= ?(\S+)$/).map { String($0.1) }
        }
    }

    /// Sends a request on this connection, and waits for its answer.
    func get(_ path: String) async throws {
        let before = try answers(in: read())
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
        _ = try await text { self.answers(in: $0) > before ? "" : nil }
    }

    private func answers(in text: String) -> Int { text.components(separatedBy: "HTTP/1.1 200 OK").count }

    private func read() throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
    }

    private func text(_ find: (String) -> String?) async throws -> String {
        while true {
            let isRunning = process.isRunning
            let text = try read()
            if let found = find(text) { return found }
            guard isRunning else { throw Ended(output: text) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
