import Foundation
import Testing

@Suite("hufu demo")
struct DemoTests {
    @Test(
        "walks the whole life of a code, and its log holds for two verifiers until a byte changes",
        .timeLimit(.minutes(10)))
    func demo() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending(path: "data")
            let outcome = try await Command.hufu(
                ["demo", "--exit", "--data", data.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            let steps = outcome.output.matches(of: /(?m)^ *(\d+)\. (\S.*)$/).compactMap { Int($0.1) }
            #expect(steps.count >= 10 && steps == Array(1...steps.count))
            for word in [
                "apply", "approval", "issue", "activate", "bind", "validate", "renew", "revoke", "refused",
            ] {
                #expect(outcome.output.contains(word), "the steps name \(word)")
            }
            let log = data.appending(path: "log")
            try await expect(log, holds: true)

            let bundle = try newestBundle(of: log)
            let intact = try Data(contentsOf: bundle.file)
            var altered = intact
            // Within a value of the last entry, so that it is still an entry.
            let place = try #require(altered.lastRange(of: Data("\"unix_ns\":".utf8))).upperBound + 3
            altered[place] = altered[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            try altered.write(to: bundle.file)
            try await expect(log, holds: false, naming: bundle.entries - 1)
            try intact.write(to: bundle.file)
            try await expect(log, holds: true)
        }
    }

    /// Asks both verifiers.
    private func expect(_ log: URL, holds: Bool, naming entry: Int? = nil) async throws {
        let arguments = ["--directory", log.path, "--key", log.appending(path: "verifier.key").path]
        let folder = log.deletingLastPathComponent()
        let outside = try await python("verify_log.py", arguments, in: folder)
        #expect(outside.status == (holds ? 0 : 1), "\(outside.output)\(outside.errors)")
        let own = try await Command.hufu(["audit", "verify"] + arguments, in: folder)
        #expect(own.status == (holds ? 0 : 1), "\(own.output)\(own.errors)")
        #expect(own.output.contains("the log holds") == holds)
        guard let entry else { return }
        #expect(outside.output.contains("entry \(entry) "), "\(outside.output)")
        #expect(own.output.contains("entry \(entry)"), "\(own.output)")
        let json = try await Command.hufu(["audit", "verify", "--json"] + arguments, in: folder).json
        #expect(json["holds"] as? Bool == false)
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.contains { $0["index"] as? Int == entry && $0["verdict"] as? String == "altered" })
    }

    /// The log is short: its entries lie in one partial bundle, the widest one.
    private func newestBundle(of log: URL) throws -> (file: URL, entries: Int) {
        let folder = log.appending(path: "tile/entries/000.p")
        let widths = try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { Int($0) }
        let width = try #require(widths.max())
        return (folder.appending(path: "\(width)"), width)
    }
}

extension Data {
    fileprivate func lastRange(of other: Data) -> Range<Int>? { range(of: other, options: .backwards) }
}
