import AuditLog
import Testing

@Suite("Growing the tree", .timeLimit(.minutes(10))) struct TreeBuilderTests {
    @Test("at every size up to 600 the root, the tiles and the bundles are those of the naive tree")
    func everySize() async throws {
        let entries = (0..<600).map { [UInt8]("entry \($0)".utf8) }
        let naive = NaiveTree(leaves: entries.map { MerkleTree.leafHash($0) })
        let tiles = MemoryTiles()
        var builder = TreeBuilder()
        #expect(builder.head == .empty)
        for size in 1...600 {
            try TestLog.store(builder.append([entries[size - 1]]), in: tiles)
            #expect(builder.head == TreeHead(size: size, root: naive.root(0..<size)))
            // Partial tiles of earlier sizes stay until their full one is there.
            #expect(expectedPaths(size: size).allSatisfy { tiles[$0] != nil })
            guard size % 37 == 0 || size % 256 < 2 else { continue }
            try await expectFiles(of: tiles, entries, naive, size: size)
            let resumed = try await TreeBuilder(head: builder.head, reader: tiles)
            #expect(resumed.head == builder.head)
        }
    }

    @Test("however the entries are cut into steps, the files are the same")
    func steps() async throws {
        var generator = SeededGenerator(state: 1)
        let entries = TestLog.entries(0..<1500)
        let whole = MemoryTiles()
        var builder = TreeBuilder()
        try TestLog.store(builder.append(entries), in: whole)
        for _ in 0..<5 {
            let tiles = MemoryTiles()
            var stepped = TreeBuilder()
            var start = 0
            while start < entries.count {
                let end = min(entries.count, start + Int.random(in: 1...400, using: &generator))
                try TestLog.store(stepped.append(Array(entries[start..<end])), in: tiles)
                stepped = try await TreeBuilder(head: stepped.head, reader: tiles)
                start = end
            }
            #expect(stepped.head == builder.head)
            #expect(whole.paths.allSatisfy { tiles[$0] == whole[$0] })
        }
    }

    @Test("a tree of 70,000 has the tiles that the specification counts")
    func seventyThousand() async throws {
        let entries = (0..<70_000).map {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        var builder = TreeBuilder()
        let tiles = MemoryTiles()
        for start in stride(from: 0, to: 70_000, by: 7000) {
            try TestLog.store(builder.append(Array(entries[start..<(start + 7000)])), in: tiles)
        }
        let paths = tiles.paths
        func count(_ prefix: String, partial: Bool) -> Int {
            paths.count { $0.hasPrefix(prefix) && $0.contains(".p/") == partial }
        }
        #expect(count("tile/0/", partial: false) == 273 && paths.contains("tile/0/273.p/112"))
        #expect(count("tile/1/", partial: false) == 1 && paths.contains("tile/1/001.p/17"))
        #expect(count("tile/2/", partial: false) == 0 && paths.contains("tile/2/000.p/1"))
        #expect(count("tile/entries/", partial: false) == 273 && paths.contains("tile/entries/273.p/112"))
        #expect(paths.count { $0.contains(".p/") } == 4)
        let naive = NaiveTree(leaves: entries.map { MerkleTree.leafHash($0) })
        #expect(builder.head.root == naive.root(0..<70_000))
        for index in [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999] {
            let path = try await Proof.inclusion(of: index, in: builder.head, reader: tiles)
            #expect(path == naive.path(index, 0..<70_000))
        }
        for old in [1, 256, 65_535, 65_536, 65_537, 69_999, 70_000] {
            let path = try await Proof.consistency(from: old, to: builder.head, reader: tiles)
            #expect(path == naive.consistency(old, 0..<70_000))
        }
    }

    @Test("a step writes what the new head needs and no more, bundles first")
    func files() {
        var builder = TreeBuilder()
        #expect(builder.append([]) == [])
        #expect(builder.append(entries(3)).map { $0.path } == ["tile/entries/000.p/3", "tile/0/000.p/3"])
        #expect(
            builder.append(entries(300)).map { $0.path } == [
                "tile/entries/000", "tile/entries/001.p/47", "tile/0/000", "tile/0/001.p/47",
                "tile/1/000.p/1",
            ])
        // The tile of level 1 stands as it was.
        let step = builder.append(entries(1))
        #expect(step.map { $0.path } == ["tile/entries/001.p/48", "tile/0/001.p/48"])
        #expect(step.allSatisfy { !$0.supersedesPartials })
        let last = builder.append(entries(512 - 304))
        #expect(last.map { $0.path } == ["tile/entries/001", "tile/0/001", "tile/1/000.p/2"])
        #expect(last.map { $0.supersedesPartials } == [true, true, false])
    }

    @Test("a tree is not continued from files that are not its own")
    func wrongFiles() async throws {
        let log = try TestLog(size: 300)
        let head = log.builder.head
        for path in ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"] {
            let bytes = try #require(log.tiles[path])
            log.tiles[path] = nil
            await #expect(throws: TileError.missing(path)) {
                try await TreeBuilder(head: head, reader: log.tiles)
            }
            log.tiles[path] = bytes.dropLast()
            await #expect(throws: TileError.self) { try await TreeBuilder(head: head, reader: log.tiles) }
            log.tiles[path] = bytes.dropLast() + [bytes[bytes.count - 1] ^ 1]
            await #expect(throws: TileError.self) { try await TreeBuilder(head: head, reader: log.tiles) }
            log.tiles[path] = bytes
        }
        #expect(try await TreeBuilder(head: head, reader: log.tiles).head == head)
    }

    private func entries(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in [1, 2, 3] } }

    private func expectedPaths(size: Int) -> [String] {
        var paths: [String] = []
        var level = 0
        while size >> (8 * level) > 0 {
            let count = size >> (8 * level)
            for index in 0..<(count / 256) {
                paths.append(TilePath.hashTile(level: level, index: index))
                if level == 0 { paths.append(TilePath.bundle(index: index)) }
            }
            if count % 256 > 0 {
                paths.append(TilePath.hashTile(level: level, index: count / 256, width: count % 256))
                if level == 0 { paths.append(TilePath.bundle(index: count / 256, width: count % 256)) }
            }
            level += 1
        }
        return paths.sorted()
    }

    private func expectFiles(
        of tiles: MemoryTiles, _ entries: [[UInt8]], _ naive: NaiveTree, size: Int
    ) async throws {
        for path in tiles.paths {
            let tile = try #require(TilePath.parse(path))
            let bytes = try #require(tiles[path])
            guard let level = tile.level else {
                let first = tile.index * 256
                #expect(bytes == EntryBundle.encode(Array(entries[first..<(first + tile.width)])))
                continue
            }
            let span = 1 << (8 * level)
            let hashes = (0..<tile.width).map { place -> Hash in
                let start = (tile.index * 256 + place) * span
                return naive.root(start..<(start + span))
            }
            #expect(bytes == hashes.flatMap { $0.bytes })
        }
    }
}
