import Foundation
import Testing

/// The scripts in `Scripts/` that use the program as a person at a shell would.
@Suite("Scripts that use the whole program from a shell", .serialized)
struct ShellScriptTests {
    @Test(
        "the national algorithms in the shell agree with the openssl command, both ways",
        .timeLimit(.minutes(10)))
    func nationalAlgorithms() async throws {
        try await expectScript("shangmi.py", seconds: 200)
    }

    @Test(
        "the snippets of the documents make signed calls, in every language that runs here",
        .timeLimit(.minutes(10)))
    func snippets() async throws {
        try await expectScript("snippets.py", seconds: 300)
    }

    @Test(
        "signed calls from the shell: every profile through the gateway, files, canonical texts, the doctor",
        .timeLimit(.minutes(10)))
    func signing() async throws {
        try await expectScript("signing.py", seconds: 300)
    }

    @Test(
        "the platform from the shell: a sandbox, the doctor's look at its TLS, the login, calls, the day's books",
        .timeLimit(.minutes(10)))
    func platform() async throws {
        try await expectScript("national.py", seconds: 200)
    }

    @Test(
        "the sandbox's live page runs in a browser: its script, its policy, requests as they come",
        .enabled(if: chromium != nil, "no Chromium on this machine"), .timeLimit(.minutes(10)))
    func livePage() async throws {
        let browser = try #require(Self.chromium)
        try await expectScript("browser.py", seconds: 300) { [$0.path, browser] }
    }

    /// A Chromium that may be steered; one of a snap sees no other program's folders.
    private static let chromium: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let names = ["chromium-headless-shell", "chromium", "google-chrome-stable"]
        return names.flatMap { name in folders.map { "\($0)/\(name)" } }.first {
            !$0.hasPrefix("/snap/") && FileManager.default.isExecutableFile(atPath: $0)
        }
    }()
}
