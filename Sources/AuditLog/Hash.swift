import Crypto
public import Foundation

/// A SHA-256 hash of a leaf or a node: 32 bytes, held inline.
public struct Hash: Sendable, Hashable {
    public static let byteCount = 32

    // The bytes in memory order, whatever the machine's endianness: these words are never computed with.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil unless there are exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Hash.byteCount else { return nil }
        words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes {
            $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
        }
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    public var data: Data { withUnsafeBytes { Data($0) } }

    /// Standard base64 with padding, 44 characters, as checkpoints and proofs write hashes.
    public var base64: String { Base64.encode(bytes) }

    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try Swift.withUnsafeBytes(of: words, body)
    }

    public static func == (left: Hash, right: Hash) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension Hash: CustomStringConvertible {
    public var description: String { base64 }
}

extension Hash {
    /// Nil unless the text is the base64 form of 32 bytes.
    init?(base64: some StringProtocol) {
        guard let bytes = Base64.decode(base64) else { return nil }
        self.init(bytes)
    }

    /// Nil unless the bytes are whole hashes, one after another.
    static func list(_ bytes: [UInt8]) -> [Hash]? {
        guard bytes.count % byteCount == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: byteCount).compactMap {
            Hash(bytes[$0..<($0 + byteCount)])
        }
    }
}

extension [Hash] {
    /// The hashes one after another, as a tile holds them.
    var concatenated: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * Hash.byteCount)
        for hash in self { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
