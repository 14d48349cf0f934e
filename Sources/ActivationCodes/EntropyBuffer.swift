#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Random words drawn in blocks, because a system call for each code would cost more than the code.
///
/// The buffer alone owns its memory: a word is zeroed when it is handed out, the rest when the buffer dies.
/// It is a class and not `Sendable`, so two copies of a generator share one position and never hand out a
/// word twice.
final class EntropyBuffer {
    /// 4,080 bytes: 170 codes of three words each, just under a page.
    private static let capacity = 510

    private let source: EntropySource
    private let words = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: EntropyBuffer.capacity)
    private var position = EntropyBuffer.capacity

    init(source: EntropySource) {
        self.source = source
        words.initialize(repeating: 0)
    }

    deinit {
        wipe(UnsafeMutableRawBufferPointer(words))
        words.deallocate()
    }

    /// The next 64 uniform bits.
    func next() throws -> UInt64 {
        if position == Self.capacity {
            // Position moves only after the refill: a source that throws half-way leaves nothing usable
            // behind.
            try source.refill(UnsafeMutableRawBufferPointer(words))
            position = 0
        }
        defer {
            words[position] = 0
            position += 1
        }
        return UInt64(littleEndian: words[position])
    }
}

/// Zeroes memory in a way that the optimizer may not drop.
func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    #if canImport(Darwin)
        memset_s(start, bytes.count, 0, bytes.count)
    #else
        explicit_bzero(start, bytes.count)
    #endif
}
