import Foundation
import Testing

/// `hufu serve` on a free port of loopback.
struct ServerProcess: Sendable {
    /// Limits that a test does not mean to meet.
    static let generous = ["--attempts-per-source", "1000000", "--attempts-per-code", "1000000"]

    let url: String
    let data: URL
    private let output: URL

    /// What the server has said so far, on standard output and standard error.
    var text: String { get throws { String(decoding: try Data(contentsOf: output), as: UTF8.self) } }

    /// For the first operator; shown while there is none.
    var token: String {
        get throws { String(try #require(try text.firstMatch(of: /one-time operator token +(\S+)/)?.1)) }
    }

    /// Runs a server beside `body`, then ends it as an operator would, and expects that it ends well.
    static func run(
        in folder: URL, data: URL? = nil, _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: (ServerProcess) async throws -> Void
    ) async throws {
        let data = data ?? folder.appending(path: "data")
        let output = folder.appending(path: "server-\(UUID()).out")
        try Data().write(to: output)
        let command = Command(
            executable: Repository.hufu.path,
            arguments: ["serve", "--data", data.path] + generous + arguments, folder: folder,
            environment: environment, seconds: 280)
        let process = try command.process
        let handle = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.runWithSignals()
        defer { if process.isRunning { process.terminate() } }
        let url = try await address(process, output)
        let server = ServerProcess(url: url, data: data, output: output)
        try await body(server)
        process.terminate()
        while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        let text = try server.text
        #expect(process.terminationStatus == 0, "\(text)")
    }

    private static func address(_ process: Process, _ output: URL) async throws -> String {
        while true {
            let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
            if let match = text.firstMatch(of: /serves (https?:\/\/\S+)\n/) { return String(match.1) }
            try #require(process.isRunning, "the server ended: \(text)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
