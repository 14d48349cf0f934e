import Foundation
import Testing

/// The scripts in `Scripts/`, which start the real program by themselves.
@Suite("Scripts that drive the whole program", .serialized)
struct ScriptTests {
    /// 20 rounds; `make soak` asks for 1,000. A failure prints the seed that repeats it.
    @Test("kill -9 at random moments under load", .timeLimit(.minutes(240)))
    func crashes() async throws {
        let environment = ProcessInfo.processInfo.environment
        let rounds = Int(environment["HUFU_SOAK_ROUNDS"] ?? "") ?? 20
        let seed = environment["HUFU_SOAK_SEED"] ?? "\(UInt32.random(in: 0 ... .max))"
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/crash.py", [Repository.hufu.path, "\(rounds)", seed], in: folder,
                seconds: 60 + rounds * 10)
            #expect(outcome.status == 0, "seed \(seed)\n\(outcome.output)\(outcome.errors)")
        }
    }

    /// `make soak` asks for 10,000 settlements and ten kills.
    @Test(
        "settlements under every fault of the platform and kill -9: the books agree to the cent",
        .timeLimit(.minutes(240)))
    func settlements() async throws {
        let environment = ProcessInfo.processInfo.environment
        let isLong = environment["HUFU_SOAK"] != nil
        let count = Int(environment["HUFU_SOAK_SETTLEMENTS"] ?? "") ?? (isLong ? 10_000 : 150)
        let seed = environment["HUFU_SOAK_SEED"] ?? "\(UInt32.random(in: 0 ... .max))"
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/settlements.py", [Repository.hufu.path, "\(count)", isLong ? "10" : "2", seed],
                in: folder, seconds: 240 + count)
            #expect(outcome.status == 0, "seed \(seed)\n\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "a disk that is full or read-only is told clearly, and recovers",
        .enabled("mounting needs root") { await canMount() }, .timeLimit(.minutes(4)),
        arguments: ["full", "read-only"])
    func disk(state: String) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/disk.py", [Repository.hufu.path, state], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "the national algorithms in the shell agree with the openssl command, both ways",
        .timeLimit(.minutes(4)))
    func nationalAlgorithms() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/shangmi.py", [Repository.hufu.path, folder.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "the snippets of the documents make signed calls, in every language that runs here",
        .timeLimit(.minutes(6)))
    func snippets() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/snippets.py", [Repository.hufu.path, folder.path], in: folder, seconds: 300)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "signed calls from the shell: every profile through the gateway, files, canonical texts, the doctor",
        .timeLimit(.minutes(6)))
    func signing() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/signing.py", [Repository.hufu.path, folder.path], in: folder, seconds: 300)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "the platform from the shell: a sandbox, the doctor's look at its TLS, the login, calls, the day's books",
        .timeLimit(.minutes(4)))
    func platform() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/national.py", [Repository.hufu.path, folder.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    private static func canMount() async -> Bool {
        let probe = "mount -t tmpfs tmpfs /mnt"
        let outcome = try? await Command(
            executable: "/usr/bin/unshare", arguments: ["--mount", "sh", "-c", probe],
            folder: FileManager.default.temporaryDirectory
        ).run()
        return outcome?.status == 0
    }
}
