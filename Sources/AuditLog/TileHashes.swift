/// The hash of any part of a tree, from its tiles; each tile is read once.
struct TileHashes<Reader: TileReader> {
    private let head: TreeHead
    private let reader: Reader
    private var tiles: [Position: [Hash]] = [:]

    private struct Position: Hashable {
        var level: Int
        var index: Int
    }

    init(size: Int, reader: Reader) {
        head = TreeHead(size: size, root: MerkleTree.emptyRoot)
        self.reader = reader
    }

    /// The root over a range of leaves that starts at a multiple of the smallest power of two not below its
    /// length, as the subtrees of proofs do.
    mutating func root(of range: Range<Int>) async throws -> Hash {
        var compact = CompactRange()
        var start = range.lowerBound
        while start < range.upperBound {
            let rest = range.upperBound - start
            let height = rest.bitWidth - 1 - rest.leadingZeroBitCount
            compact.append(try await subtree(height: height, index: start >> height), level: height)
            start += 1 << height
        }
        return compact.root
    }

    /// The root of the perfect subtree over leaves `index << height ..< (index + 1) << height`.
    private mutating func subtree(height: Int, index: Int) async throws -> Hash {
        let level = height / 8
        let first = index << (height % 8)
        let count = 1 << (height % 8)
        let hashes = try await tile(level: level, index: first >> 8)
        let offset = first & 255
        guard offset + count <= hashes.count else {
            throw TileError.inconsistent("a subtree that the tree does not have")
        }
        return MerkleTree.root(of: Array(hashes[offset..<(offset + count)]))
    }

    private mutating func tile(level: Int, index: Int) async throws -> [Hash] {
        let position = Position(level: level, index: index)
        if let hashes = tiles[position] { return hashes }
        let width = head.width(level: level, index: index)
        guard width > 0 else { throw TileError.inconsistent("a tile that the tree does not have") }
        let hashes = try await reader.readHashes(level: level, index: index, width: width)
        tiles[position] = hashes
        return hashes
    }
}
