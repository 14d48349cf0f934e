/// One verification under way: level after level, from the leaves to the signed root.
struct LogRecomputation {
    /// Tiles, and bundles, that are read at a time.
    private static let window = 16

    let head: TreeHead
    let reader: any TileReader
    let withEntries: Bool
    var report: LogVerifier.Report

    /// The head to continue, and the part of its tree's edge that was met so far, by level.
    private let older: TreeHead?
    private var olderEdge: [Int: [Hash]] = [:]
    /// The tiles from level 1 up as they are stored, nil where missing or broken.
    private var storedTiles: [[[Hash]?]] = []
    /// The roots of the level's full tiles; nil where neither entries nor tile are there.
    private var roots: [Hash?] = []
    private var edges = LogEdges()
    /// Full tiles of level 0 that disagree with their entries, and nothing said which is right.
    private var undecided: Set<Int> = []

    init(
        head: TreeHead, older: TreeHead?, reader: any TileReader, withEntries: Bool,
        report: LogVerifier.Report
    ) {
        self.head = head
        self.older = older
        self.reader = reader
        self.withEntries = withEntries
        self.report = report
    }

    mutating func run(progress: (@Sendable (Int, Int) -> Void)?) async throws {
        for level in head.levels.dropFirst() { try await loadTiles(level: level) }
        try await checkLeaves(progress: progress)
        for level in head.levels.dropFirst() { checkLevel(level) }
        checkRoot()
        checkOlder()
    }

    /// Findings about entries first, in their order, so that the first finding names the first wrong entry.
    func finishedReport() -> LogVerifier.Report {
        var report = report
        let indexed = report.findings.enumerated().sorted {
            ($0.element.index ?? .max, $0.offset) < ($1.element.index ?? .max, $1.offset)
        }
        report.findings = indexed.map { $0.element }
        return report
    }

    // MARK: level 0

    private mutating func checkLeaves(progress: (@Sendable (Int, Int) -> Void)?) async throws {
        let tiles = (head.size + TilePath.fullWidth - 1) / TilePath.fullWidth
        for start in stride(from: 0, to: tiles, by: LogRecomputation.window) {
            let range = start..<min(start + LogRecomputation.window, tiles)
            for files in try await LeafFiles.read(range, of: head, reader, withEntries: withEntries) {
                check(files)
                progress?(min((files.index + 1) * TilePath.fullWidth, head.size), head.size)
            }
        }
    }

    private mutating func check(_ files: LeafFiles) {
        let stored = hashes(of: files.tile, level: 0, index: files.index, width: files.width)
        var computed: [Hash]?
        if withEntries {
            var check = BundleCheck(files: files, stored: stored)
            computed = check.run(&report)
            report.entriesChecked += check.entriesChecked
        }
        finishTile(level: 0, index: files.index, computed: computed, stored: stored)
    }

    // MARK: the levels above

    private mutating func loadTiles(level: Int) async throws {
        var tiles: [[Hash]?] = []
        let count = head.fullTiles(level: level) + (head.partialWidth(level: level) > 0 ? 1 : 0)
        for index in 0..<count {
            let width = head.width(level: level, index: index)
            let file = try await reader.readTile(ParsedTile(level: level, index: index, width: width))
            tiles.append(hashes(of: file, level: level, index: index, width: width))
        }
        storedTiles.append(tiles)
    }

    private mutating func checkLevel(_ level: Int) {
        let below = roots
        roots = []
        for (index, stored) in storedTiles[level - 1].enumerated() {
            let width = head.width(level: level, index: index)
            let start = index * TilePath.fullWidth
            // A hash that can't be computed from below is taken as it is stored.
            let computed = (0..<width).compactMap { below[start + $0] ?? stored?[$0] }
            finishTile(
                level: level, index: index, computed: computed.count == width ? computed : nil, stored: stored
            )
        }
    }

    /// Settles what a tile's hashes are, and who is to blame when the files disagree.
    private mutating func finishTile(level: Int, index: Int, computed: [Hash]?, stored: [Hash]?) {
        if index == head.fullTiles(level: level) {
            edges.add(.init(level: level, index: index, computed: computed, stored: stored))
            return
        }
        var hashes = computed ?? stored
        if let computed, let stored, computed != stored {
            let parent = parent(level: level, index: index)
            if parent == MerkleTree.root(of: computed) {
                blameTile(level: level, index: index, computed, stored)
            } else {
                let known = parent == MerkleTree.root(of: stored)
                if level == 0, !known { undecided.insert(index) }
                blameEntries(level: level, index: index, computed, stored)
                hashes = stored
            }
        }
        roots.append(hashes.map { MerkleTree.root(of: $0) })
        keepOlderEdge(level: level, index: index, hashes)
    }

    private func parent(level: Int, index: Int) -> Hash? {
        guard level < storedTiles.count else { return nil }
        return storedTiles[level][index / TilePath.fullWidth]?[index % TilePath.fullWidth]
    }

    private mutating func hashes(
        of file: (bytes: [UInt8], path: String)?, level: Int, index: Int, width: Int
    ) -> [Hash]? {
        let path = TilePath.hashTile(level: level, index: index, width: width)
        guard let file else {
            report.add(.missing, "\(path): the tile is missing")
            return nil
        }
        let wanted = file.path == path ? width : TilePath.fullWidth
        guard file.bytes.count == wanted * Hash.byteCount, let hashes = Hash.list(file.bytes) else {
            report.add(.altered, "\(file.path): the tile has \(file.bytes.count) bytes, not \(wanted) hashes")
            return nil
        }
        return Array(hashes.prefix(width))
    }
}

// MARK: blame

extension LogRecomputation {
    private mutating func blameTile(level: Int, index: Int, _ computed: [Hash], _ stored: [Hash]) {
        let width = head.width(level: level, index: index)
        let path = TilePath.hashTile(level: level, index: index, width: width)
        for place in computed.indices where computed[place] != stored[place] {
            let number = index * TilePath.fullWidth + place
            let entries = LogRecomputation.entries(level: level, number: number)
            report.add(.altered, "\(path): the hash of \(entries) was altered, the entries themselves hold")
        }
    }

    private mutating func blameEntries(level: Int, index: Int, _ computed: [Hash], _ stored: [Hash]) {
        let width = head.width(level: level, index: index)
        let path = TilePath.hashTile(level: level, index: index, width: width)
        for place in computed.indices where computed[place] != stored[place] {
            let number = index * TilePath.fullWidth + place
            guard level > 0 else {
                let bundle = TilePath.bundle(index: index, width: width)
                report.add(
                    .altered, at: number,
                    "entry \(number) in \(bundle) was altered: its hash is \(computed[place]), "
                        + "the tree holds \(stored[place]) in \(path)")
                continue
            }
            if level == 1, undecided.contains(number) { continue }
            report.add(
                .altered, at: number << (8 * level),
                "\(LogRecomputation.entries(level: level, number: number)) were rewritten with the tiles below "
                    + "\(path), which still holds their old hash")
        }
    }

    /// The entries below a hash, in words.
    private static func entries(level: Int, number: Int) -> String {
        guard level > 0 else { return "entry \(number)" }
        return "entries \(number << (8 * level)) to \((number + 1) << (8 * level) - 1)"
    }
}

// MARK: the roots

extension LogRecomputation {
    private mutating func checkRoot() {
        let decision = edges.decide(head)
        for edge in decision.edges {
            if let computed = edge.computed, let stored = edge.stored, computed != stored {
                if edge.takesComputed {
                    blameTile(level: edge.level, index: edge.index, computed, stored)
                } else {
                    blameEntries(level: edge.level, index: edge.index, computed, stored)
                }
            }
            keepOlderEdge(level: edge.level, index: edge.index, edge.hashes)
        }
        guard decision.root != head.root else { return }
        if let root = decision.root {
            report.add(
                .altered,
                "the log recomputes to the root \(root), the checkpoint of size \(head.size) signs \(head.root)"
            )
        } else {
            report.add(.missing, "the root can't be recomputed: files at the tree's edge are missing")
        }
    }

    private mutating func keepOlderEdge(level: Int, index: Int, _ hashes: [Hash]?) {
        guard let older, let hashes, older.fullTiles(level: level) == index else { return }
        olderEdge[level] = Array(hashes.prefix(older.partialWidth(level: level)))
    }

    private mutating func checkOlder() {
        guard let older else { return }
        var range = CompactRange()
        for level in older.levels.reversed() where older.partialWidth(level: level) > 0 {
            guard let hashes = olderEdge[level] else {
                report.add(.missing, "the older checkpoint can't be compared: files are missing")
                return
            }
            for hash in hashes { range.append(hash, level: 8 * level) }
        }
        guard range.root != older.root else { return }
        guard older.size > 0 else {
            report.add(.altered, "the older checkpoint names a root for no entries that is not the empty one")
            return
        }
        report.add(
            .altered, at: 0,
            "entries 0 to \(older.size - 1) are not those of the older checkpoint: they recompute to \(range.root), "
                + "it signs \(older.root)")
    }
}
