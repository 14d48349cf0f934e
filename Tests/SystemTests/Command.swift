import Foundation
import Testing

/// A program that is run to its end, in an environment of its own.
struct Command: Sendable {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String

        var json: [String: Any] {
            get throws {
                let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }

    var executable: String
    var arguments: [String]
    var folder: URL
    var environment: [String: String] = [:]
    var input = ""
    /// Then it is killed, with its children; the status is 124.
    var seconds = 180

    static func hufu(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: String = "",
        seconds: Int = 180
    ) async throws -> Outcome {
        try await Command(
            executable: Repository.hufu.path, arguments: arguments, folder: folder, environment: environment,
            input: input, seconds: seconds
        ).run()
    }

    func run() async throws -> Outcome {
        let mark = UUID().uuidString
        let files = ["in", "out", "err"].map { folder.appending(path: "\(mark).\($0)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = try self.process
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.runWithSignals() } catch { continuation.resume(throwing: error) }
        }
        let texts = try files.dropFirst().map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(status: status, output: texts[0], errors: texts[1])
    }

    /// Not started yet. `timeout` ends the whole group, should a command hang, and passes signals on.
    var process: Process {
        get throws {
            try #require(
                FileManager.default.isExecutableFile(atPath: executable),
                "no program at \(executable): run `swift build`")
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/timeout")
            process.arguments = ["--kill-after=5", "\(seconds)", executable] + arguments
            process.currentDirectoryURL = folder
            let own = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
            process.environment = ["HOME": folder.path, "PATH": own, "LANG": "C.UTF-8"]
                .merging(environment) { $1 }
            return process
        }
    }
}

extension Process {
    /// A child inherits the signals that its parent's thread blocks, and Dispatch's threads block nearly all of
    /// them: the child would never see a SIGTERM.
    func runWithSignals() throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// Gives a folder that is gone afterwards.
func withTemporaryFolder<Answer>(_ body: (URL) async throws -> Answer) async throws -> Answer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hufu-system-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// A script in `Scripts/` that starts the program by itself, in a folder that is gone afterwards, holds.
func expectScript(
    _ name: String, seconds: Int, note: String = "", at location: SourceLocation = #_sourceLocation,
    _ arguments: (URL) -> [String] = { [$0.path] }
) async throws {
    try await withTemporaryFolder { folder in
        let outcome = try await python(
            "Scripts/\(name)", [Repository.hufu.path] + arguments(folder), in: folder, seconds: seconds)
        // For scripts/test, which tells at its end what was skipped.
        for line in outcome.output.split(separator: "\n") where line.hasPrefix("skipped: ") {
            FileHandle.standardOutput.write(Data("\(line)\n".utf8))
        }
        #expect(
            outcome.status == 0, "\(note)\(outcome.output)\(outcome.errors)", sourceLocation: location)
    }
}

/// One of the scripts in `Scripts/`, or verify_log.py beside them.
func python(_ script: String, _ arguments: [String], in folder: URL, seconds: Int = 180) async throws
    -> Command.Outcome
{
    let path = Repository.root.appending(path: "Tests/SystemTests/\(script)").path
    return try await Command(
        executable: "/usr/bin/env", arguments: ["python3", "-B", path] + arguments, folder: folder,
        seconds: seconds
    ).run()
}
