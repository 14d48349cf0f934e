import AuditLog
import Foundation
import Synchronization
import Testing

/// Passes the first writes on, and fails as a full disk or a kill would, at any call.
private struct FailingTiles: TileWriter {
    struct Failure: Error {}

    let tiles: DirectoryTiles
    let budget: Counter

    final class Counter: Sendable {
        private let value = Mutex(0)
        var left: Int {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        try spend()
        try tiles.write(bytes, to: path)
    }
    func removePartials(of path: String) throws {
        try spend()
        try tiles.removePartials(of: path)
    }
    func synchronize() throws {
        try spend()
        try tiles.synchronize()
    }
    private func spend() throws {
        budget.left -= 1
        if budget.left < 0 { throw Failure() }
    }
}

@Suite("A log in a directory", .timeLimit(.minutes(10))) final class DirectoryTilesTests {
    private let directory = FileManager.default.temporaryDirectory
        .appending(path: "hufu-log-\(UUID().uuidString)").path(percentEncoded: false)

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    @Test("files appear with synchronize, whole, and partial ones go when the full one is there")
    func files() async throws {
        let tiles = DirectoryTiles(directory: directory)
        #expect(try await tiles.read("checkpoint") == nil)
        try tiles.write([1, 2], to: "tile/0/x001/000.p/2")
        #expect(try await tiles.read("tile/0/x001/000.p/2") == nil)
        try tiles.synchronize()
        #expect(try await tiles.read("tile/0/x001/000.p/2") == [1, 2])
        #expect(try await tiles.read("tile/0/x001") == nil)
        try tiles.write([1], to: "tile/0/x001/000")
        try tiles.write([1, 2, 3], to: "tile/0/x001/000")
        try tiles.removePartials(of: "tile/0/x001/000")
        try tiles.removePartials(of: "tile/0/x001/001")
        #expect(try await tiles.read("tile/0/x001/000.p/2") == [1, 2])
        try tiles.synchronize()
        #expect(try await tiles.read("tile/0/x001/000.p/2") == nil)
        #expect(try await tiles.read("tile/0/x001/000") == [1, 2, 3])
        let left = try FileManager.default.subpathsOfDirectory(atPath: directory)
        #expect(!left.contains { $0.hasSuffix(".tmp") })
    }

    @Test("an error names the file and the call")
    func errors() throws {
        let tiles = DirectoryTiles(directory: directory)
        try tiles.write([1], to: "tile")
        try tiles.synchronize()
        #expect(throws: TileFileError(path: directory + "/tile/0", operation: "mkdir", code: ENOTDIR)) {
            try tiles.write([1], to: "tile/0/000")
        }
    }

    @Test("stopped at any call and resumed from the last head, the same tree goes on")
    func restart() async throws {
        let whole = try TestLog(size: 700)
        var generator = SeededGenerator(state: 99)
        let budget = FailingTiles.Counter()
        var head = TreeHead.empty
        var interruptions = 0
        while head.size < 700 {
            // A new process: nothing but the directory and the last published head.
            let tiles = DirectoryTiles(directory: directory)
            let writer = FailingTiles(tiles: tiles, budget: budget)
            var builder = try await TreeBuilder(head: head, reader: tiles)
            budget.left = Int.random(in: 0...25, using: &generator)
            do {
                while head.size < 700 {
                    let end = min(700, head.size + Int.random(in: 1...120, using: &generator))
                    try TestLog.store(builder.append(TestLog.entries(head.size..<end)), in: writer)
                    try writer.write(Array(TestLog.note(builder.head).encoded.utf8), to: "checkpoint")
                    try writer.synchronize()
                    head = builder.head
                }
            } catch is FailingTiles.Failure {
                interruptions += 1
            }
        }
        #expect(head == whole.builder.head && interruptions > 3)
        let tiles = DirectoryTiles(directory: directory)
        let report = try await LogVerifier(key: TestLog.signer.verifierKey, reader: tiles).verify()
        #expect(report.holds && report.entriesChecked == 700)
        // Partial tiles of earlier sizes may be there or not.
        for path in whole.tiles.paths where TilePath.parse(path)?.isPartial == false {
            #expect(try await tiles.read(path) == whole.tiles[path], "\(path)")
        }
    }

    @Test("half-written temporary files from before a crash are of no consequence")
    func leftovers() async throws {
        let tiles = DirectoryTiles(directory: directory)
        var builder = TreeBuilder()
        try TestLog.store(builder.append(TestLog.entries(0..<10)), in: tiles)
        try Data([1, 2, 3]).write(to: URL(filePath: directory + "/tile/0/000.p/.11.tmp"))
        builder = try await TreeBuilder(head: builder.head, reader: tiles)
        try TestLog.store(builder.append(TestLog.entries(10..<11)), in: tiles)
        let resumed = try await TreeBuilder(head: builder.head, reader: tiles)
        #expect(resumed.head == builder.head)
    }
}
