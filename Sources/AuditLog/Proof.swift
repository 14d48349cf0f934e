/// Proofs about a tree: that it holds an entry, and that it continues an older one (RFC 9162, section 2.1).
public enum Proof {
    /// The path from an entry's leaf to the root, leaf's sibling first.
    ///
    /// Reads only the tiles on the way. Throws ``TileError`` when one is missing or broken, or when the tiles
    /// are not the head's tree, and ``ProofError`` for an entry beyond the head.
    public static func inclusion(
        of index: Int, in head: TreeHead, reader: some TileReader
    ) async throws -> [Hash] {
        guard 0..<head.size ~= index else { throw ProofError.outOfRange(index, size: head.size) }
        var hashes = TileHashes(size: head.size, reader: reader)
        var path: [Hash] = []
        for range in inclusionRanges(of: index, size: head.size) {
            path.append(try await hashes.root(of: range))
        }
        let leaf = try await hashes.root(of: index..<(index + 1))
        guard verifyInclusion(leaf: leaf, index: index, head: head, path: path) else {
            throw TileError.inconsistent(
                "the tiles of entry \(index) do not lead to the root of size \(head.size)")
        }
        return path
    }

    /// The proof that the head's tree continues the one of an older size; empty for the same size.
    ///
    /// Throws ``ProofError`` for size 0, from which there is nothing to prove, and for a size beyond the
    /// head; ``TileError`` as ``inclusion(of:in:reader:)`` does.
    public static func consistency(
        from old: Int, to head: TreeHead, reader: some TileReader
    ) async throws -> [Hash] {
        guard 1...max(1, head.size) ~= old, head.size > 0 else {
            throw ProofError.outOfRange(old, size: head.size)
        }
        var hashes = TileHashes(size: head.size, reader: reader)
        var path: [Hash] = []
        for range in consistencyRanges(from: old, to: head.size) {
            path.append(try await hashes.root(of: range))
        }
        let root = try await hashes.root(of: 0..<head.size)
        guard root == head.root else {
            throw TileError.inconsistent(
                "the tiles recompute to \(root) at size \(head.size), not to \(head.root)")
        }
        return path
    }

    /// The subtrees beside the way from a leaf to the root, from the leaf up (RFC 6962, section 2.1.1).
    static func inclusionRanges(of index: Int, size: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var subtree = 0..<size
        while subtree.count > 1 {
            let middle = subtree.lowerBound + split(subtree.count)
            if index < middle {
                ranges.append(middle..<subtree.upperBound)
                subtree = subtree.lowerBound..<middle
            } else {
                ranges.append(subtree.lowerBound..<middle)
                subtree = middle..<subtree.upperBound
            }
        }
        return ranges.reversed()
    }

    /// The subtrees of a consistency proof, in its order (RFC 6962, section 2.1.2).
    static func consistencyRanges(from old: Int, to new: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var subtree = 0..<new
        // Whether the subtree at hand starts where the old tree does, so that its root is known to the
        // verifier.
        var known = true
        while old < subtree.upperBound {
            let middle = subtree.lowerBound + split(subtree.count)
            if old <= middle {
                ranges.append(middle..<subtree.upperBound)
                subtree = subtree.lowerBound..<middle
            } else {
                ranges.append(subtree.lowerBound..<middle)
                subtree = middle..<subtree.upperBound
                known = false
            }
        }
        if !known { ranges.append(subtree) }
        return ranges.reversed()
    }

    /// The largest power of two below a count of at least 2.
    private static func split(_ count: Int) -> Int {
        1 << (count.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}

/// Why there is no such proof.
public enum ProofError: Error, Equatable, CustomStringConvertible {
    /// The index, or the older size, has no proof in a tree of this size.
    case outOfRange(_ index: Int, size: Int)

    public var description: String {
        switch self {
        case .outOfRange(let index, let size): "no proof for \(index) in a tree of size \(size)"
        }
    }
}
