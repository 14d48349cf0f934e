internal import CShangMi

extension SM3 {
    /// The digests of many messages, eight of them at a time: several times as quick as one after the other.
    ///
    /// The messages may differ in length; it goes best when they don't differ much.
    public static func hash(several messages: [[UInt8]]) -> [SM3Digest] {
        hash(several: messages, path: .preferred)
    }

    /// The same on one path of this library, for tests and measurements of both.
    package static func hash(several messages: [[UInt8]], path: ShangMi.Path) -> [SM3Digest] {
        var lanes = SM3Lanes(path: path)
        return lanes.digests(of: messages)
    }
}

/// Eight messages side by side. Whenever one ends, the next takes over its lane.
struct SM3Lanes: ~Copyable {
    static let count = 8
    /// So much of every message goes through the rounds at once; all eight together stay in the nearest cache.
    private static let pieceBlockCount = 16
    private static let pieceByteCount = 64 * pieceBlockCount

    private struct Lane {
        var message: Int?
        var nextBlock = 0
        var blockCount = 0
    }

    private let path: ShangMi.Path
    private var lanes = [Lane](repeating: Lane(), count: count)
    /// Word i of lane j at 8i + j.
    private var words = [UInt32](repeating: 0, count: 8 * count)
    /// A piece of every lane's message, with its padding when it is the last.
    private var pieces = [UInt8](repeating: 0, count: count * pieceByteCount)

    init(path: ShangMi.Path) { self.path = path }

    mutating func digests(of messages: [[UInt8]]) -> [SM3Digest] {
        var digests = [SM3Digest](repeating: SM3Digest(words: SIMD8()), count: messages.count)
        var waiting = messages.indices[...]
        while true {
            for lane in lanes.indices where lanes[lane].message == nil {
                guard let next = waiting.popFirst() else { break }
                start(messages[next], number: next, in: lane)
            }
            let active = lanes.filter { $0.message != nil }
            guard let least = active.map({ $0.blockCount - $0.nextBlock }).min() else { return digests }
            let blockCount = min(least, Self.pieceBlockCount)
            for lane in lanes.indices {
                guard let message = lanes[lane].message else { continue }
                fill(lane, blockCount, of: messages[message])
            }
            compress(blockCount)
            for lane in lanes.indices {
                guard let message = lanes[lane].message else { continue }
                lanes[lane].nextBlock += blockCount
                guard lanes[lane].nextBlock == lanes[lane].blockCount else { continue }
                digests[message] = SM3Digest(words: chain(of: lane))
                lanes[lane].message = nil
            }
        }
    }

    private mutating func start(_ message: [UInt8], number: Int, in lane: Int) {
        lanes[lane] = Lane(message: number, nextBlock: 0, blockCount: (message.count + 9 + 63) / 64)
        for index in 0..<8 { words[8 * index + lane] = SM3.initialWords[index] }
    }

    private func chain(of lane: Int) -> SIMD8<UInt32> {
        var chain = SIMD8<UInt32>()
        for index in 0..<8 { chain[index] = words[8 * index + lane] }
        return chain
    }

    /// Copies the lane's next blocks, and pads them where the message ends (GB/T 32905-2016, 5.2).
    private mutating func fill(_ lane: Int, _ blockCount: Int, of message: [UInt8]) {
        let start = 64 * lanes[lane].nextBlock
        let end = start + 64 * blockCount
        let place = Self.pieceByteCount * lane
        let copied = max(0, min(message.count, end) - start)
        unsafe message.withUnsafeBytes { bytes in
            unsafe pieces.withUnsafeMutableBytes { pieces in
                guard copied > 0 else { return }
                unsafe UnsafeMutableRawBufferPointer(rebasing: pieces[place..<place + copied])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + copied]))
            }
        }
        guard end > message.count else { return }
        for index in copied..<end - start { pieces[place + index] = 0 }
        if message.count >= start { pieces[place + message.count - start] = 0x80 }
        guard end == 64 * lanes[lane].blockCount else { return }
        let bitCount = UInt64(message.count) &* 8
        for index in 0..<8 {
            pieces[place + end - start - 1 - index] = UInt8(truncatingIfNeeded: bitCount >> UInt64(8 * index))
        }
    }

    /// The first blocks of all pieces; lanes without a message go through it with whatever they hold.
    private mutating func compress(_ blockCount: Int) {
        unsafe pieces.withUnsafeBufferPointer { pieces in
            unsafe words.withUnsafeMutableBufferPointer { words in
                guard let start = pieces.baseAddress, let words = words.baseAddress else { return }
                #if arch(x86_64)
                    if let transform = unsafe path.hashLanes {
                        unsafe withUnsafeTemporaryAllocation(
                            of: UnsafePointer<UInt8>.self, capacity: Self.count
                        ) {
                            guard let places = $0.baseAddress else { return }
                            for lane in 0..<Self.count {
                                unsafe places[lane] = start + lane * Self.pieceByteCount
                            }
                            unsafe transform(words, places, blockCount)
                        }
                        return
                    }
                #endif
                for half in stride(from: 0, to: Self.count, by: 4) {
                    unsafe SM3VectorRounds.absorb(
                        start + half * Self.pieceByteCount, distance: Self.pieceByteCount,
                        blockCount: blockCount, into: words + half)
                }
            }
        }
    }
}

#if arch(x86_64)
    extension ShangMi.Path {
        typealias Places = UnsafePointer<UnsafePointer<UInt8>>

        /// Nil where Swift does the work: without AVX2 it has the same instructions.
        fileprivate var hashLanes: (@convention(c) (UnsafeMutablePointer<UInt32>, Places, Int) -> Void)? {
            switch self {
            case .portable, .aesNI: nil
            case .vaes, .gfni: unsafe shangmi_sm3_lanes_avx2
            case .wideGFNI: unsafe shangmi_sm3_lanes_avx512vl
            }
        }
    }
#endif
