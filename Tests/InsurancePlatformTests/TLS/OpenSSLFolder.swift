import Foundation
import Testing

/// A temporary directory in which the openssl command makes keys, certificates and bundles. Removed at the end.
final class OpenSSLFolder: Sendable {
    struct Failed: Error {
        let output: String
    }

    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "tls-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    /// A leaf's chain file: certificates one after the other.
    func join(_ names: [String], into name: String) throws {
        try write(names.map(text).joined(), to: name)
    }

    /// Output goes to a file: a pipe would be inherited by servers that start at the same time, and not end.
    func process(_ arguments: [String], log: String, seconds: Int = 120) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // `timeout` ends what a test that crashed leaves behind.
        process.arguments = ["timeout", "\(seconds)", "openssl"] + arguments
        process.currentDirectoryURL = URL(filePath: path)
        try write("", to: log)
        let output = try FileHandle(forWritingTo: URL(filePath: file(log)))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        return process
    }

    func openssl(_ arguments: [String]) async throws {
        let log = "log-" + UUID().uuidString
        let process = try process(arguments, log: log)
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.runWithSignals() } catch { continuation.resume(throwing: error) }
        }
        if status != 0 { throw Failed(output: arguments.joined(separator: " ") + "\n" + (try text(log))) }
    }
}

extension Process {
    /// Signals that this thread blocks would be blocked in the child too, and it could not be ended.
    func runWithSignals() throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
