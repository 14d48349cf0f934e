import AuditLog
import Crypto
import Foundation
import Synchronization

/// Tiles in memory. Copies share the files.
final class MemoryTiles: TileReader, TileWriter {
    private let files = Mutex<[String: [UInt8]]>([:])

    var paths: [String] { files.withLock { $0.keys.sorted() } }

    subscript(path: String) -> [UInt8]? {
        get { files.withLock { $0[path] } }
        set { files.withLock { $0[path] = newValue } }
    }

    func read(_ path: String) async throws -> [UInt8]? { self[path] }
    func write(_ bytes: [UInt8], to path: String) throws { self[path] = bytes }
    func synchronize() throws {}

    func removePartials(of path: String) throws {
        files.withLock { files in
            for key in files.keys where key.hasPrefix(path + ".p/") { files[key] = nil }
        }
    }
}

/// A log with entries that tell their index.
struct TestLog {
    static let origin = "log.example/hufu"

    static let key: Curve25519.Signing.PrivateKey = {
        guard
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))
        else { fatalError("a seed is 32 bytes") }
        return key
    }()

    static let signer = NoteSigner(name: origin, key: key)

    var builder = TreeBuilder()
    let tiles = MemoryTiles()

    init(size: Int = 0, batch: Int = 100) throws {
        for start in stride(from: 0, to: size, by: batch) {
            try grow(TestLog.entries(start..<min(start + batch, size)))
        }
        try publish()
    }

    mutating func grow(_ entries: [[UInt8]]) throws {
        try TestLog.store(builder.append(entries), in: tiles)
    }

    func publish() throws {
        tiles["checkpoint"] = Array(try TestLog.note(builder.head).encoded.utf8)
    }

    static func note(_ head: TreeHead) throws -> SignedNote {
        try SignedNote.sign(Checkpoint(origin: origin, head: head).text, by: [signer])
    }

    static func store(_ files: [TileFile], in writer: some TileWriter) throws {
        for file in files {
            try writer.write(file.bytes, to: file.path)
            if file.supersedesPartials { try writer.removePartials(of: file.path) }
        }
        try writer.synchronize()
    }

    static func entries(_ range: Range<Int>) -> [[UInt8]] {
        range.map { entry($0).canonicalBytes() }
    }

    static func entry(_ index: Int, action: String = "validate") -> AuditEntry {
        AuditEntry(
            unixNanoseconds: 1_795_230_245_678_901_234 + Int64(index) * 1_000_003, event: "code.validated",
            action: action, actor: .init(kind: .device, id: "d-\(index % 7)"), origin: .init(door: "http"),
            subject: .init(kind: "code", id: "c-\(index)"), requestID: "r-\(index)",
            traceID: "4bf92f3577b34da6a3ce929d0e0e4736", data: ["used": .integer(Int64(index))])
    }
}

/// RFC 6962, section 2.1, word for word, and slow.
struct NaiveTree {
    let leaves: [Hash]

    func root(_ range: Range<Int>) -> Hash {
        if range.isEmpty { return Hash(SHA256.hash(data: [UInt8]()).map { $0 })! }
        if range.count == 1 { return leaves[range.lowerBound] }
        let middle = range.lowerBound + split(range.count)
        return node(root(range.lowerBound..<middle), root(middle..<range.upperBound))
    }

    func path(_ index: Int, _ range: Range<Int>) -> [Hash] {
        guard range.count > 1 else { return [] }
        let middle = range.lowerBound + split(range.count)
        return index < middle
            ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    func consistency(_ old: Int, _ range: Range<Int>, known: Bool = true) -> [Hash] {
        if old == range.upperBound { return known ? [] : [root(range)] }
        let middle = range.lowerBound + split(range.count)
        return old <= middle
            ? consistency(old, range.lowerBound..<middle, known: known) + [root(middle..<range.upperBound)]
            : consistency(old, middle..<range.upperBound, known: false) + [root(range.lowerBound..<middle)]
    }

    private func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }

    private func node(_ left: Hash, _ right: Hash) -> Hash {
        Hash(SHA256.hash(data: [1] + left.bytes + right.bytes).map { $0 })!
    }
}
