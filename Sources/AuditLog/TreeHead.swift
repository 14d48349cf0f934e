/// The state of a tree: how many leaves, and their root.
public struct TreeHead: Sendable, Equatable {
    public var size: Int
    public var root: Hash

    public init(size: Int, root: Hash) {
        precondition(size >= 0, "a tree has no negative size")
        self.size = size
        self.root = root
    }

    public static let empty = TreeHead(size: 0, root: MerkleTree.emptyRoot)

    /// How many hashes the partial tile of a level has, 0 where there is none (C2SP tlog-tiles).
    func partialWidth(level: Int) -> Int {
        size >> (8 * level) & 255
    }

    /// How many full tiles a level has.
    func fullTiles(level: Int) -> Int {
        size >> (8 * (level + 1))
    }

    /// The levels that have any tile.
    var levels: Range<Int> {
        0..<((size.bitWidth - size.leadingZeroBitCount + 7) / 8)
    }

    /// The width of a tile in this tree: 256, less for the last one of its level, 0 beyond.
    func width(level: Int, index: Int) -> Int {
        let full = fullTiles(level: level)
        return index < full ? TilePath.fullWidth : index == full ? partialWidth(level: level) : 0
    }
}
