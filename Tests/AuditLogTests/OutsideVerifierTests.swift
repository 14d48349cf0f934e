import AuditLog
import Foundation
import Testing

/// The same logs, judged by a program in another language that was written from the specifications alone.
@Suite("The outside verifier", .enabled(if: OutsideVerifier.isAvailable), .timeLimit(.minutes(10)))
final class OutsideVerifierTests {
    private let directory = FileManager.default.temporaryDirectory
        .appending(path: "hufu-outside-\(UUID().uuidString)").path(percentEncoded: false)

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ tiles: MemoryTiles) async throws {
        let writer = DirectoryTiles(directory: directory)
        for path in tiles.paths { try writer.write(tiles[path] ?? [], to: path) }
        try writer.synchronize()
    }

    private func verify(since note: SignedNote? = nil) async throws -> (status: Int32, output: String) {
        var arguments = ["--directory", directory, "--key", TestLog.signer.verifierKey.text]
        if let note {
            try Data(note.encoded.utf8).write(to: URL(filePath: directory + "/older"))
            arguments += ["--since", directory + "/older"]
        }
        return try OutsideVerifier.run(arguments)
    }

    @Test("it agrees that a log holds", arguments: [0, 1, 256, 300])
    func holds(size: Int) async throws {
        let log = try TestLog(size: size)
        try await write(log.tiles)
        let result = try await verify(since: TestLog.note(TestLog(size: size / 2).builder.head))
        #expect(result.output == "verified \(size) entries, root \(log.builder.head.root)\n")
        #expect(result.status == 0)
    }

    @Test(
        "it names the same faults",
        arguments: [
            ("tile/entries/000", "altered: entry 3 "),
            ("tile/0/001.p/44", "altered: the hash of entry 256 in tile/0/001.p/44"),
            ("tile/1/000.p/1", "altered: entries 0 to 255 "), ("checkpoint", "altered: checkpoint "),
        ])
    func faults(path: String, verdict: String) async throws {
        let log = try TestLog(size: 300)
        if path == "tile/entries/000" {
            var entries = TestLog.entries(0..<256)
            entries[3] = TestLog.entry(3, action: "revoke").canonicalBytes()
            log.tiles[path] = EntryBundle.encode(entries)
        } else {
            log.tiles[path]?[path == "checkpoint" ? 40 : 5] ^= 1
        }
        try await write(log.tiles)
        let result = try await verify()
        #expect(result.status == 1 && result.output.hasPrefix(verdict), "\(result.output)")
    }

    @Test("it names a missing file, a fork and an entry that is not canonical")
    func others() async throws {
        let log = try TestLog(size: 300)
        log.tiles["tile/entries/000"] = nil
        try await write(log.tiles)
        #expect(try await verify().output.hasPrefix("missing: tile/entries/000 "))

        var fork = try TestLog()
        try fork.grow([TestLog.entry(0, action: "revoke").canonicalBytes()] + TestLog.entries(1..<300))
        try fork.publish()
        try await write(fork.tiles)
        let note = try TestLog.note(TestLog(size: 200).builder.head)
        #expect(try await verify(since: note).output.hasPrefix("altered: entries 0 to 199 "))

        var loose = try TestLog()
        try loose.grow([Array(TestLog.entry(0).json.canonicalText.replacing(":", with: ": ").utf8)])
        try loose.publish()
        try await write(loose.tiles)
        #expect(
            try await verify().output == "altered: entry 0 in tile/entries/000.p/1 is not canonical JSON\n")
    }
}

enum OutsideVerifier {
    private static let script = Vectors.repository.appending(path: "Tests/SystemTests/verify_log.py")

    static var isAvailable: Bool {
        FileManager.default.fileExists(atPath: script.path(percentEncoded: false))
            && (try? run(["--help"]).status) == 0
    }

    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.path(percentEncoded: false)] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
