/// Grows the tree and says which files each step must write: the pure core of a sequencer.
///
/// It holds only the tree's right edge: the unfinished bundle, the unfinished tile of each level, and the
/// roots of the perfect subtrees. Being a value, it can be copied before a step and put back when writing
/// fails.
public struct TreeBuilder: Sendable {
    private var range = CompactRange()
    /// The hashes of the unfinished tile of each level, fewer than 256.
    private var tiles: [[Hash]] = []
    /// The bytes of the unfinished bundle.
    private var bundle: [UInt8] = []

    /// The empty tree.
    public init() {}

    /// Continues a tree from its files.
    ///
    /// Reads the partial tiles and the partial bundle of the head's size, or the first part of the full ones
    /// where those exist already. Throws ``TileError`` when a file is missing or broken, or when the files do
    /// not recompute to the head's root.
    public init(head: TreeHead, reader: some TileReader) async throws {
        for level in head.levels {
            let width = head.partialWidth(level: level)
            let index = head.fullTiles(level: level)
            tiles.append(
                width == 0 ? [] : try await reader.readHashes(level: level, index: index, width: width))
        }
        for level in head.levels.reversed() {
            for hash in tiles[level] { range.append(hash, level: 8 * level) }
        }
        guard range.root == head.root else {
            throw TileError.inconsistent(
                "the tiles recompute to \(range.root) at size \(head.size), the head is \(head.root)")
        }
        guard let leaves = tiles.first, !leaves.isEmpty else { return }
        let entries = try await reader.readEntries(index: head.fullTiles(level: 0), width: leaves.count)
        for (offset, entry) in entries.enumerated() where MerkleTree.leafHash(entry) != leaves[offset] {
            let index = head.size - leaves.count + offset
            throw TileError.inconsistent("entry \(index) is not the one that the tree holds")
        }
        bundle = EntryBundle.encode(entries)
    }

    public var head: TreeHead { TreeHead(size: range.size, root: range.root) }

    /// Adds entries, and answers the files to write before the new head may be published.
    ///
    /// These are the tiles and bundles that became full, and the partial ones of the new head that changed; a
    /// partial tile that is as it was stands already. Bundles come first, then hash tiles from the leaves up.
    /// Traps on an entry longer than 65,535 bytes.
    public mutating func append(_ entries: [[UInt8]]) -> [TileFile] {
        guard !entries.isEmpty else { return [] }
        var bundles: [TileFile] = []
        var fullTiles: [[TileFile]] = []
        var touched = 0
        for entry in entries {
            EntryBundle.append(entry, to: &bundle)
            if range.size % TilePath.fullWidth == TilePath.fullWidth - 1 {
                let index = range.size / TilePath.fullWidth
                bundles.append(full(TilePath.bundle(index: index), bundle))
                bundle.removeAll(keepingCapacity: true)
            }
            touched = max(touched, add(MerkleTree.leafHash(entry), &fullTiles))
        }
        let size = TreeHead(size: range.size, root: MerkleTree.emptyRoot)
        if !bundle.isEmpty {
            let path = TilePath.bundle(
                index: size.fullTiles(level: 0), width: size.partialWidth(level: 0))
            bundles.append(TileFile(path: path, bytes: bundle, supersedesPartials: false))
        }
        var partials: [TileFile] = []
        for level in 0...touched where !tiles[level].isEmpty {
            let path = TilePath.hashTile(
                level: level, index: size.fullTiles(level: level), width: tiles[level].count)
            partials.append(
                TileFile(path: path, bytes: tiles[level].concatenated, supersedesPartials: false))
        }
        return bundles + fullTiles.joined() + partials
    }

    /// Adds a leaf to the tiles, finishing those that it fills. Answers the highest level that it changed.
    private mutating func add(_ leaf: Hash, _ fullTiles: inout [[TileFile]]) -> Int {
        range.append(leaf)
        var level = 0
        var hash = leaf
        while true {
            if level == tiles.count { tiles.append([]) }
            tiles[level].append(hash)
            guard tiles[level].count == TilePath.fullWidth else { return level }
            if level == fullTiles.count { fullTiles.append([]) }
            let index = range.size >> (8 * (level + 1)) - 1
            fullTiles[level].append(
                full(TilePath.hashTile(level: level, index: index), tiles[level].concatenated))
            hash = MerkleTree.root(of: tiles[level])
            tiles[level].removeAll(keepingCapacity: true)
            level += 1
        }
    }

    private func full(_ path: String, _ bytes: [UInt8]) -> TileFile {
        TileFile(path: path, bytes: bytes, supersedesPartials: true)
    }
}
