import Foundation
import Testing

/// The scripts in `Scripts/` that kill the program they started, or take the disk away under it.
@Suite("Scripts that put the whole program under stress", .serialized)
struct StressScriptTests {
    /// 20 rounds; `make soak` asks for 1,000. A failure prints the seed that repeats it.
    @Test("kill -9 at random moments under load", .timeLimit(.minutes(240)))
    func crashes() async throws {
        let environment = ProcessInfo.processInfo.environment
        let rounds = Int(environment["HUFU_SOAK_ROUNDS"] ?? "") ?? 20
        let seed = environment["HUFU_SOAK_SEED"] ?? "\(UInt32.random(in: 0 ... .max))"
        try await expectScript("crash.py", seconds: 60 + rounds * 10, note: "seed \(seed)\n") { _ in
            ["\(rounds)", seed]
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
        try await expectScript("settlements.py", seconds: 240 + count, note: "seed \(seed)\n") { _ in
            ["\(count)", isLong ? "10" : "2", seed]
        }
    }

    @Test(
        "a disk that is full or read-only is told clearly, and recovers",
        .enabled("mounting needs root") { await canMount() }, .timeLimit(.minutes(10)),
        arguments: ["full", "read-only"])
    func disk(state: String) async throws {
        try await expectScript("disk.py", seconds: 200) { _ in [state] }
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
