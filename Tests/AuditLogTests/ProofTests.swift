import AuditLog
import Testing

@Suite("Proofs", .timeLimit(.minutes(10))) struct ProofTests {
    private static let sizes = [
        1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 255, 256, 257, 300, 511, 512, 513, 600,
    ]

    @Test("inclusion proofs are the naive ones, hold, and hold for nothing else", arguments: sizes)
    func inclusion(size: Int) async throws {
        let log = try TestLog(size: size)
        let naive = NaiveTree(leaves: TestLog.entries(0..<size).map { MerkleTree.leafHash($0) })
        let head = log.builder.head
        for index in 0..<size where size <= 40 || index % 23 == 0 || index > size - 3 {
            let path = try await Proof.inclusion(of: index, in: head, reader: log.tiles)
            #expect(path == naive.path(index, 0..<size))
            let leaf = naive.leaves[index]
            #expect(Proof.verifyInclusion(leaf: leaf, index: index, head: head, path: path))
            let other = MerkleTree.leafHash([1])
            #expect(!Proof.verifyInclusion(leaf: other, index: index, head: head, path: path))
            #expect(!Proof.verifyInclusion(leaf: leaf, index: index, head: head, path: path + [other]))
            #expect(
                !Proof.verifyInclusion(
                    leaf: leaf, index: index, head: .init(size: size, root: other), path: path))
            #expect(!Proof.verifyInclusion(leaf: leaf, index: size, head: head, path: path))
            #expect(!Proof.verifyInclusion(leaf: leaf, index: -1, head: head, path: path))
            guard !path.isEmpty else { continue }
            #expect(!Proof.verifyInclusion(leaf: leaf, index: index, head: head, path: path.dropLast()))
            #expect(!Proof.verifyInclusion(leaf: leaf, index: index ^ 1, head: head, path: path))
            for place in path.indices {
                var changed = path
                changed[place] = other
                #expect(!Proof.verifyInclusion(leaf: leaf, index: index, head: head, path: changed))
            }
        }
        await #expect(throws: ProofError.self) {
            try await Proof.inclusion(of: size, in: head, reader: log.tiles)
        }
    }

    @Test("consistency proofs are the naive ones, hold, and hold for nothing else", arguments: sizes)
    func consistency(size: Int) async throws {
        let log = try TestLog(size: size)
        let naive = NaiveTree(leaves: TestLog.entries(0..<size).map { MerkleTree.leafHash($0) })
        let head = log.builder.head
        let other = MerkleTree.leafHash([1])
        for old in 1...size where size <= 40 || old % 19 == 0 || old > size - 3 || old == 256 {
            let path = try await Proof.consistency(from: old, to: head, reader: log.tiles)
            #expect(path == naive.consistency(old, 0..<size))
            let oldHead = TreeHead(size: old, root: naive.root(0..<old))
            #expect(Proof.verifyConsistency(old: oldHead, new: head, path: path))
            let forged = TreeHead(size: old, root: other)
            #expect(!Proof.verifyConsistency(old: forged, new: head, path: path))
            #expect(!Proof.verifyConsistency(old: oldHead, new: .init(size: size, root: other), path: path))
            #expect(!Proof.verifyConsistency(old: oldHead, new: head, path: path + [other]))
            for place in path.indices {
                var changed = path
                changed[place] = other
                #expect(!Proof.verifyConsistency(old: oldHead, new: head, path: changed))
                changed.remove(at: place)
                #expect(!Proof.verifyConsistency(old: oldHead, new: head, path: changed))
            }
            if old < size { #expect(!Proof.verifyConsistency(old: head, new: oldHead, path: path)) }
        }
        #expect(!Proof.verifyConsistency(old: .empty, new: head, path: []))
        await #expect(throws: ProofError.self) {
            try await Proof.consistency(from: 0, to: head, reader: log.tiles)
        }
        await #expect(throws: ProofError.self) {
            try await Proof.consistency(from: size + 1, to: head, reader: log.tiles)
        }
    }

    @Test("every pair of sizes up to 64 has a proof that holds")
    func everyPair() async throws {
        let leaves = (0..<64).map { MerkleTree.leafHash([UInt8($0)]) }
        let naive = NaiveTree(leaves: leaves)
        for new in 1...64 {
            let head = TreeHead(size: new, root: naive.root(0..<new))
            for old in 1...new {
                let oldHead = TreeHead(size: old, root: naive.root(0..<old))
                let path = naive.consistency(old, 0..<new)
                #expect(Proof.verifyConsistency(old: oldHead, new: head, path: path))
            }
            for index in 0..<new {
                let path = naive.path(index, 0..<new)
                #expect(Proof.verifyInclusion(leaf: leaves[index], index: index, head: head, path: path))
            }
        }
    }

    @Test("a proof is not made from tiles that are not the head's")
    func wrongTiles() async throws {
        let log = try TestLog(size: 300)
        let wrong = TreeHead(size: 300, root: MerkleTree.emptyRoot)
        await #expect(throws: TileError.self) {
            try await Proof.inclusion(of: 5, in: wrong, reader: log.tiles)
        }
        await #expect(throws: TileError.self) {
            try await Proof.consistency(from: 5, to: wrong, reader: log.tiles)
        }
        log.tiles["tile/0/000"] = nil
        await #expect(throws: TileError.missing("tile/0/000")) {
            try await Proof.inclusion(of: 5, in: log.builder.head, reader: log.tiles)
        }
    }

    @Test("an older head's proof is made from the tiles of a newer tree")
    func olderHead() async throws {
        var log = try TestLog(size: 40)
        let head = log.builder.head
        try log.grow(TestLog.entries(40..<300))
        let path = try await Proof.inclusion(of: 39, in: head, reader: log.tiles)
        let leaf = MerkleTree.leafHash(TestLog.entry(39).canonicalBytes())
        #expect(Proof.verifyInclusion(leaf: leaf, index: 39, head: head, path: path))
    }
}
