import Foundation
import Testing

/// What the READMEs tell a reader to type works. The conventions stand in CONTRIBUTING.md, "Documents".
@Suite("The READMEs hold")
struct ReadmeTests {
    private static let documents = ["README.md", "README.zh-CN.md"]

    @Test("both languages show the same commands")
    func sameCommands() {
        let (english, chinese) = (commands(in: Self.documents[0]), commands(in: Self.documents[1]))
        #expect(!english.isEmpty)
        #expect(english == chinese)
    }

    @Test("every make target that a document names exists")
    func makeTargets() throws {
        let makefile = Repository.text(of: "Makefile")
        let targets = Set(makefile.matches(of: /(?m)^([a-z]+):/).map { String($0.1) })
        #expect(targets == ["help", "run", "test", "build", "lint", "format", "bench", "soak"])
        for file in Repository.files where file.path.hasSuffix(".md") {
            let named = file.text.matches(of: /(?m)(?:`|^\$ |^)make ([a-z]+)/).map { String($0.1) }
            for target in named {
                #expect(targets.contains(target), "\(file.path): make \(target)")
            }
        }
    }

    @Test(
        "every command runs, in the order of the page, against a real server",
        .serialized, .timeLimit(.minutes(10)), arguments: documents)
    func tour(document: String) async throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: Repository.hufu.path),
            "no hufu at \(Repository.hufu.path): run `swift build`")
        let executed = commands(in: document).filter { !isForTheReaderOnly($0) }
        try #require(executed.contains { $0.contains("hufu ") })
        let script = try preamble + executed.joined(separator: "\n").replacing("8787", with: "\(freePort())")
        try await withTemporaryFolder { folder in
            let (status, output) = try await bash(script, in: folder)
            #expect(status == 0, "\(document): exit code \(status)\n\(output)")
        }
    }

    /// The benchmarks in the text measure for minutes, and a figure is no test's matter: only that each is there.
    @Test("every benchmark that a page names exists", arguments: documents)
    func benchmarks(document: String) async throws {
        let named = Set(
            Repository.text(of: document).matches(of: /`hufu bench ([a-z]+)/).map { String($0.1) })
        #expect(named.isSuperset(of: ["gateway", "platform", "crypto"]))
        try await withTemporaryFolder { folder in
            for name in named {
                let outcome = try await Command.hufu(["bench", name, "--help"], in: folder)
                #expect(
                    outcome.status == 0 && outcome.output.contains("USAGE: hufu bench \(name)"), "\(name)")
            }
        }
    }

    /// The lines of ```sh blocks, and those after `$ ` or `> ` in ```console blocks.
    private func commands(in document: String) -> [String] {
        Markdown(Repository.text(of: document)).blocks.flatMap { block -> [String] in
            switch block.language {
            case "sh": block.lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
            case "console":
                block.lines.compactMap { line in
                    line.hasPrefix("$ ") || line.hasPrefix("> ") ? String(line.dropFirst(2)) : nil
                }
            default: []
            }
        }
    }

    /// Fetching, building and installing: `makeTargets` holds the make targets, nothing else is tried.
    private func isForTheReaderOnly(_ command: String) -> Bool {
        ["git clone ", "cd hufu", "make ", "sudo ", "apt-get "].contains { command.hasPrefix($0) }
    }

    /// Stops at the first command that fails, names it, and takes the server along.
    private var preamble: String {
        """
        set -euo pipefail
        trap 'echo "failed: $BASH_COMMAND"' ERR
        trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

        """
    }

    /// Runs in a home of its own, so that log-ins and device keys stay in the folder.
    private func bash(_ script: String, in folder: URL) async throws -> (status: Int32, output: String) {
        let file = folder.appending(path: "tour.sh")
        try Data(script.utf8).write(to: file)
        let home = folder.appending(path: "home")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let binaries = Repository.hufu.deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let outcome = try await Command(
            executable: "/usr/bin/env", arguments: ["bash", file.path], folder: home,
            environment: ["PATH": "\(binaries):\(path)"], seconds: 200
        ).run()
        return (outcome.status, String((outcome.output + outcome.errors).suffix(8_000)))
    }

    /// A port that nobody listens on at this moment: the pages say 8787, which may be taken here.
    private func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> UInt16 in
                guard bind(descriptor, pointer, length) == 0, getsockname(descriptor, pointer, &length) == 0
                else { return 0 }
                return UInt16(bigEndian: UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port)
            }
        }
        try #require(port != 0, "no free port")
        return port
    }
}
