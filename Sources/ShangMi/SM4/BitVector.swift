/// A plane of one batch or of two side by side.
protocol BatchPlane: BitPlane {
    /// How many batches it holds.
    static var batchCount: Int { get }

    /// - Parameter state: the vector of the first batch; the next one's lies `SM4Batch.blockCount` behind it.
    init(at state: UnsafePointer<SIMD4<UInt32>>)
    /// The same vector for all batches.
    init(repeating vector: SIMD4<UInt32>)
    func store(to state: UnsafeMutablePointer<SIMD4<UInt32>>)
    /// Every vector's lanes turned by 1…3, so that the one at this index comes first.
    func turned(_ lanes: Int) -> Self
}

/// Four words in one register.
///
/// The standard library writes `^` and `&` of SIMD integers lane by lane, and the optimizer doesn't find its
/// way back to one instruction in a circuit of this size; for masks it has the instruction. So the words go
/// through the operators as masks: same size, same bits, and nothing here asks a mask for a truth value.
struct BitVector: BatchPlane {
    private typealias Mask = SIMDMask<SIMD4<Int32>>

    private(set) var words: SIMD4<UInt32>

    static var batchCount: Int { 1 }

    @inline(__always)
    init(at state: UnsafePointer<SIMD4<UInt32>>) { unsafe words = state.pointee }

    @inline(__always)
    init(repeating vector: SIMD4<UInt32>) { words = vector }

    @inline(__always)
    private init(_ mask: Mask) { unsafe words = unsafeBitCast(mask, to: SIMD4<UInt32>.self) }

    @inline(__always)
    private var mask: Mask { unsafe unsafeBitCast(words, to: Mask.self) }

    @inline(__always)
    func store(to state: UnsafeMutablePointer<SIMD4<UInt32>>) { unsafe state.pointee = words }

    @inline(__always)
    static func ^ (left: Self, right: Self) -> Self { Self(left.mask .^ right.mask) }

    @inline(__always)
    static func & (left: Self, right: Self) -> Self { Self(left.mask .& right.mask) }

    @inline(__always)
    static func | (left: Self, right: Self) -> Self { Self(left.mask .| right.mask) }

    @inline(__always)
    static func &+ (left: Self, right: Self) -> Self { Self(repeating: left.words &+ right.words) }

    /// Every word rotated to the left by 1…31 bits.
    @inline(__always)
    func rotated(_ bits: UInt32) -> Self {
        Self(repeating: words &<< SIMD4(repeating: bits))
            | Self(repeating: words &>> SIMD4(repeating: 32 &- bits))
    }

    @inline(__always)
    func turned(_ lanes: Int) -> Self {
        let x = words
        switch lanes {
        case 1: return Self(repeating: SIMD4(x[1], x[2], x[3], x[0]))
        case 2: return Self(repeating: SIMD4(x[2], x[3], x[0], x[1]))
        default: return Self(repeating: SIMD4(x[3], x[0], x[1], x[2]))
        }
    }
}

/// Two registers that go through a circuit together: one alone waits for its own results much of the time.
struct BitVectorPair: BatchPlane {
    private var first, second: BitVector

    static var batchCount: Int { 2 }

    @inline(__always)
    init(at state: UnsafePointer<SIMD4<UInt32>>) {
        unsafe first = BitVector(at: state)
        unsafe second = BitVector(at: state + SM4Batch.blockCount)
    }

    @inline(__always)
    init(repeating vector: SIMD4<UInt32>) {
        self.init(BitVector(repeating: vector), BitVector(repeating: vector))
    }

    @inline(__always)
    private init(_ first: BitVector, _ second: BitVector) { (self.first, self.second) = (first, second) }

    @inline(__always)
    func store(to state: UnsafeMutablePointer<SIMD4<UInt32>>) {
        unsafe first.store(to: state)
        unsafe second.store(to: state + SM4Batch.blockCount)
    }

    @inline(__always)
    static func ^ (left: Self, right: Self) -> Self {
        Self(left.first ^ right.first, left.second ^ right.second)
    }

    @inline(__always)
    static func & (left: Self, right: Self) -> Self {
        Self(left.first & right.first, left.second & right.second)
    }

    @inline(__always)
    func turned(_ lanes: Int) -> Self { Self(first.turned(lanes), second.turned(lanes)) }
}
