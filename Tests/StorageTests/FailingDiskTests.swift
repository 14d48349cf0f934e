import Foundation
import Storage
import Testing

@Suite("A disk that is full or read-only", .enabled(if: SmallDisk.isAvailable), .serialized)
struct FailingDiskTests {
    @Test(
        "A full disk refuses clearly, loses nothing, and is forgotten when there is room",
        .timeLimit(.minutes(10)))
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 8)
        try disk.putBallast(megabytes: 3)
        let test = try TestStore(in: disk.path)
        let store = test.store
        let body = Data(repeating: 7, count: 30_000)
        var acknowledged = 0
        var refusal: (any Error)?
        while refusal == nil, acknowledged < 1000 {
            do {
                _ = try await store.write { try $0.append(body, keys: entryKeys()) }
                acknowledged += 1
            } catch { refusal = error }
        }
        guard case .unavailable = refusal as? StorageError else {
            Issue.record("a full disk gave \(String(describing: refusal))")
            return
        }
        #expect(acknowledged > 10)
        #expect(try await store.read { try $0.entryCount() } == acknowledged)
        // Many at once: every one is told, none hangs.
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        _ = try await store.write { try $0.append(body, keys: entryKeys()) }
                        return false
                    } catch StorageError.unavailable { return true } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused == 50)

        try disk.removeBallast()
        let index = try await store.write { try $0.append(body, keys: entryKeys("test.recovered")) }
        #expect(index == acknowledged, "the refused entries left a gap")
        try store.close()
        let again = try Store(path: test.path)
        #expect(try await again.read { try $0.entryCount() } == acknowledged + 1)
        let whole = try await again.read { try $0.rows("PRAGMA integrity_check").first?.text(0) }
        #expect(whole == "ok")
        try again.close()
    }

    @Test(
        "A database on a read-only disk is refused when it is opened, and is whole when it is writable again")
    func readOnlyDisk() async throws {
        let disk = try SmallDisk(megabytes: 8)
        let test = try TestStore(in: disk.path)
        try await test.store.write { try $0.set("kept", to: "yes") }
        try test.store.close()
        try disk.setWritable(false)
        let refusal = #expect(throws: StorageError.self) { _ = try Store(path: test.path) }
        guard case .unavailable = refusal else {
            Issue.record("a read-only database gave \(String(describing: refusal))")
            return
        }
        try disk.setWritable(true)
        let again = try Store(path: test.path)
        #expect(try await again.read { try $0.setting("kept") } == "yes")
        try await again.write { try $0.set("kept", to: "still") }
        try again.close()
    }
}

/// A file system of a few megabytes in memory, for root only.
private final class SmallDisk: Sendable {
    static let isAvailable: Bool = {
        guard getuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        return (try? disk.setWritable(true)) != nil
    }()

    let path = FileManager.default.temporaryDirectory.appendingPathComponent("hufu-disk-\(UUID().uuidString)")
        .path

    init(megabytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    deinit {
        try? Self.run("umount", ["-l", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    func putBallast(megabytes: Int) throws {
        try Data(repeating: 0, count: megabytes << 20).write(to: URL(filePath: path + "/ballast"))
    }

    func removeBallast() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    func setWritable(_ writable: Bool) throws {
        try Self.run("mount", ["-o", "remount,\(writable ? "rw" : "ro")", path])
    }

    private struct Failed: Error {}

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
    }
}
