public import Crypto

/// The cryptographic hash of GB/T 32905-2016: 64-byte blocks, a digest of 32 bytes.
///
/// As a `HashFunction` it serves as `HMAC<SM3>` and `HKDF<SM3>` too.
///
/// ```swift
/// let digest = SM3.hash(Array("abc".utf8))
///
/// var hasher = SM3()
/// for chunk in chunks { hasher.update(chunk) }
/// let same = hasher.finalize()
/// ```
public struct SM3: HashFunction {
    public typealias Digest = SM3Digest

    public static var blockByteCount: Int { 64 }
    public static var byteCount: Int { SM3Digest.byteCount }

    /// GB/T 32905-2016, 4.1.
    static let initialWords = SIMD8<UInt32>(
        0x7380_166f, 0x4914_b2b9, 0x1724_42d7, 0xda8a_0600, 0xa96f_30bc, 0x1631_38aa, 0xe38d_ee4d, 0xb0fb_0e4e
    )

    private var words = Self.initialWords
    /// Bytes that don't fill a block yet, the first `pendingCount` of it.
    private var pending = SIMD64<UInt8>()
    private var pendingCount = 0
    /// All bytes so far; the standard ends at 2^64 - 1 bits, which no process reaches.
    private var byteCount: UInt64 = 0

    public init() {}

    /// The digest of one whole message.
    public static func hash(_ message: Span<UInt8>) -> SM3Digest {
        var hasher = SM3()
        hasher.update(message)
        return hasher.finalize()
    }

    /// The same over an array.
    public static func hash(_ message: [UInt8]) -> SM3Digest { hash(message.span) }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe update(bufferPointer: $0) }
    }

    /// The same over an array.
    public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    public mutating func update(bufferPointer: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bufferPointer.count)
        var start = 0
        if pendingCount > 0 {
            start = min(Self.blockByteCount - pendingCount, bufferPointer.count)
            unsafe keep(UnsafeRawBufferPointer(rebasing: bufferPointer[..<start]))
            guard pendingCount == Self.blockByteCount else { return }
            compressPending()
        }
        let end = start + (bufferPointer.count - start) & ~(Self.blockByteCount - 1)
        if end > start {
            let blocks = unsafe UnsafeRawBufferPointer(rebasing: bufferPointer[start..<end])
            unsafe SM3Compression.absorb(blocks, into: &words)
        }
        unsafe keep(UnsafeRawBufferPointer(rebasing: bufferPointer[end...]))
    }

    public func finalize() -> SM3Digest {
        var last = self
        last.pad()
        return SM3Digest(words: last.words)
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let start = pendingCount
        unsafe withUnsafeMutableBytes(of: &pending) { block in
            unsafe UnsafeMutableRawBufferPointer(rebasing: block[start...]).copyMemory(from: bytes)
        }
        pendingCount += bytes.count
    }

    private mutating func compressPending() {
        unsafe withUnsafeBytes(of: pending) { unsafe SM3Compression.absorb($0, into: &words) }
        pendingCount = 0
    }

    /// A one bit, zeros, and the length in bits as 64 bits (GB/T 32905-2016, 5.2).
    private mutating func pad() {
        let lengthOffset = Self.blockByteCount - 8
        pending[pendingCount] = 0x80
        for index in pendingCount + 1..<Self.blockByteCount { pending[index] = 0 }
        if pendingCount >= lengthOffset {
            compressPending()
            pending = SIMD64()
        }
        let bitCount = byteCount &* 8
        for index in 0..<8 {
            pending[lengthOffset + index] = UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * index))
        }
        compressPending()
    }
}
