extension Proof {
    /// Whether the path leads from the leaf at the index to the head's root (RFC 9162, section 2.1.3.2).
    public static func verifyInclusion(leaf: Hash, index: Int, head: TreeHead, path: [Hash]) -> Bool {
        guard 0..<head.size ~= index else { return false }
        var position = index
        var last = head.size - 1
        var hash = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                while position & 1 == 0, position != 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && hash == head.root
    }

    /// Whether the new tree is the old one continued (RFC 9162, section 2.1.4.2).
    ///
    /// False from size 0: every tree continues the empty one, so a proof from there would say nothing, and a
    /// caller that starts from nothing should know that it does.
    public static func verifyConsistency(old: TreeHead, new: TreeHead, path: [Hash]) -> Bool {
        guard old.size > 0, old.size <= new.size else { return false }
        guard old.size < new.size else { return path.isEmpty && old.root == new.root }
        var hashes = path
        // The old tree is a subtree of the new one exactly when its size is a power of two.
        if old.size & (old.size - 1) == 0 { hashes.insert(old.root, at: 0) }
        guard let first = hashes.first else { return false }
        var position = old.size - 1
        var last = new.size - 1
        while position & 1 == 1 {
            position >>= 1
            last >>= 1
        }
        var oldHash = first
        var newHash = first
        for sibling in hashes.dropFirst() {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                oldHash = MerkleTree.nodeHash(sibling, oldHash)
                newHash = MerkleTree.nodeHash(sibling, newHash)
                while position & 1 == 0, position != 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                newHash = MerkleTree.nodeHash(newHash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == old.root && newHash == new.root
    }
}
