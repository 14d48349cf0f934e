public import Crypto

/// The result of SM3: 32 bytes (GB/T 32905-2016, 5.4).
///
/// Two digests compare in constant time, and so does a digest with any bytes.
public struct SM3Digest: Digest {
    public static var byteCount: Int { 32 }

    /// The chaining value as eight words, big-endian in memory.
    private let words: SIMD8<UInt32>

    /// - Parameter words: the chaining value behind the last block, as numbers.
    init(words: SIMD8<UInt32>) {
        var words = words
        for index in words.indices { words[index] = words[index].bigEndian }
        self.words = words
    }

    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try unsafe Swift.withUnsafeBytes(of: words) { try unsafe body($0) }
    }

    public func hash(into hasher: inout Hasher) {
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
