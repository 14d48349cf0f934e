/// The roots of the perfect subtrees that make up a tree, largest first: all that appending needs.
///
/// A tree of n leaves has one perfect subtree for each one bit of n.
struct CompactRange: Sendable {
    private(set) var size = 0
    private var roots: [Hash] = []

    /// Adds a leaf by its hash.
    mutating func append(_ leaf: Hash) {
        append(leaf, level: 0)
    }

    /// Adds a perfect subtree of 2^level leaves. The size so far must be a multiple of that.
    mutating func append(_ subtree: Hash, level: Int) {
        precondition(size & (1 << level - 1) == 0, "a subtree is added at a multiple of its own size")
        var hash = subtree
        var rest = size >> level
        while rest & 1 == 1 {
            hash = MerkleTree.nodeHash(roots.removeLast(), hash)
            rest >>= 1
        }
        roots.append(hash)
        size += 1 << level
    }

    /// The root of the last subtree: after 2^k leaves at a multiple of 2^k, the hash of just those.
    var last: Hash? { roots.last }

    /// The tree's root.
    var root: Hash {
        guard var hash = roots.last else { return MerkleTree.emptyRoot }
        for left in roots.dropLast().reversed() { hash = MerkleTree.nodeHash(left, hash) }
        return hash
    }
}
