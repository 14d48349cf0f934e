import AuditLog
import Testing

@Suite("The hash tree") struct MerkleTreeTests {
    @Test("hashes are those of RFC 6962")
    func hashes() throws {
        let vectors = try Vectors.json("rfc6962.json")
        var leaves: [Hash] = []
        for vector in vectors["leaves"]?.array ?? [] {
            let hash = MerkleTree.leafHash([UInt8](hexadecimal: try #require(vector["input"]?.string)))
            #expect(hash.bytes == [UInt8](hexadecimal: try #require(vector["hash"]?.string)))
            leaves.append(hash)
        }
        for (size, root) in (vectors["roots"]?.array ?? []).enumerated() {
            let expected = [UInt8](hexadecimal: try #require(root.string))
            #expect(MerkleTree.root(of: Array(leaves.prefix(size))).bytes == expected)
        }
        for vector in vectors["nodes"]?.array ?? [] {
            let hashes = ["left", "right", "hash"].compactMap { vector[$0]?.string }
                .compactMap { Hash([UInt8](hexadecimal: $0)) }
            try #require(hashes.count == 3)
            #expect(MerkleTree.nodeHash(hashes[0], hashes[1]) == hashes[2])
        }
        #expect(MerkleTree.emptyRoot == MerkleTree.root(of: []))
    }

    @Test("a hash is 32 bytes")
    func size() {
        #expect(Hash([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Hash([UInt8](repeating: 0, count: 33)) == nil)
        #expect(Hash(UInt8(0)..<32)?.bytes == Array(0..<32))
    }

    @Test(
        "paths are those of the specification",
        arguments: [
            ("tile/0/000", nil, 0, 256), ("tile/63/x001/x234/067", nil, 1_234_067, 256),
            ("tile/0/000.p/1", nil, 0, 1), ("tile/1/x001/000.p/255", nil, 1000, 255),
        ] as [(String, Int?, Int, Int)])
    func paths(path: String, level: Int?, index: Int, width: Int) throws {
        let parsed = try #require(TilePath.parse(path))
        #expect(parsed.index == index && parsed.width == width && parsed.path == path)
        let level = try #require(parsed.level)
        #expect(TilePath.hashTile(level: level, index: index, width: width) == path)
        let bundle = TilePath.bundle(index: index, width: width)
        #expect(TilePath.parse(bundle) == ParsedTile(level: nil, index: index, width: width))
    }

    @Test(
        "no other spelling of a path is read",
        arguments: [
            "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/00/000", "tile/64/000", "tile/-1/000",
            "tile/+1/000",
            "tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/x000/000", "tile/0/001/000", "tile/0/x001/00",
            "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
            "tile/0/000.p/1/",
            "tile/0/000.p/1/2", "tile/0/x001.p/000", "tile/0/000/", "tile/entries/000.tmp", "tile/entry/000",
            "tile/0/../000", "tile/0/00٣", "tile/0/000.P/1", "checkpoint",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        ])
    func strictPaths(path: String) {
        #expect(TilePath.parse(path) == nil)
    }

    @Test("bundles hold entries of every length")
    func bundles() throws {
        let entries: [[UInt8]] = [
            [], [1], Array(repeating: 2, count: 255), Array(repeating: 3, count: 65_535),
        ]
        let bytes = EntryBundle.encode(entries)
        #expect(try EntryBundle.decode(bytes) == entries)
        #expect(throws: EntryBundleError.self) { try EntryBundle.decode(bytes.dropLast()) }
        #expect(throws: EntryBundleError.tooManyEntries) {
            try EntryBundle.decode([UInt8](repeating: 0, count: 2 * 257))
        }
    }
}
