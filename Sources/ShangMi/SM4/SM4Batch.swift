/// SM4 on batches of 32 blocks, in bit planes: the portable way for longer messages.
///
/// Word i of all 32 blocks lies in eight vectors, one for each bit of a byte; a vector's four lanes are the
/// word's four bytes as they lie in memory, and a lane's 32 bits are the 32 blocks. A turn of the word by
/// whole bytes is then a turn of the lanes.
enum SM4Batch {
    typealias Vector = SIMD4<UInt32>

    static let blockCount = 32
    static let byteCount = 16 * blockCount

    /// Encrypts or decrypts one batch or two; the two places may be one.
    ///
    /// - Parameters:
    ///   - keys: the planes of 32 round keys, eight vectors each.
    ///   - decrypting: takes the keys from the last to the first.
    @inline(__always)
    private static func crypt<Plane: BatchPlane>(
        _ input: UnsafeRawPointer, to output: UnsafeMutableRawPointer, keys: UnsafePointer<Vector>,
        decrypting: Bool, round: (Int, UnsafeMutablePointer<Vector>, UnsafePointer<Vector>) -> Void,
        as plane: Plane.Type
    ) {
        let count = Plane.batchCount * blockCount
        unsafe withUnsafeTemporaryAllocation(of: Vector.self, capacity: count) { buffer in
            guard let state = buffer.baseAddress else { return }
            for index in 0..<count {
                unsafe state[index] = input.loadUnaligned(fromByteOffset: 16 * index, as: Vector.self)
            }
            for batch in 0..<Plane.batchCount { unsafe toPlanes(state + batch * blockCount) }
            for index in 0..<32 {
                unsafe round(index, state, keys + 8 * (decrypting ? 31 - index : index))
            }
            for batch in 0..<Plane.batchCount { unsafe toBlocks(state + batch * blockCount) }
            for index in 0..<count {
                unsafe output.storeBytes(of: state[index], toByteOffset: 16 * index, as: Vector.self)
            }
        }
    }

    static func cryptOne(
        _ input: UnsafeRawPointer, to output: UnsafeMutableRawPointer, keys: UnsafePointer<Vector>,
        decrypting: Bool
    ) {
        unsafe crypt(
            input, to: output, keys: keys, decrypting: decrypting, round: roundOfOne, as: BitVector.self)
    }

    static func cryptTwo(
        _ input: UnsafeRawPointer, to output: UnsafeMutableRawPointer, keys: UnsafePointer<Vector>,
        decrypting: Bool
    ) {
        unsafe crypt(
            input, to: output, keys: keys, decrypting: decrypting, round: roundOfTwo, as: BitVectorPair.self)
    }

    @inline(never)
    private static func roundOfOne(
        _ index: Int, _ state: UnsafeMutablePointer<Vector>, _ key: UnsafePointer<Vector>
    ) {
        unsafe round(index, state, key, as: BitVector.self)
    }

    @inline(never)
    private static func roundOfTwo(
        _ index: Int, _ state: UnsafeMutablePointer<Vector>, _ key: UnsafePointer<Vector>
    ) {
        unsafe round(index, state, key, as: BitVectorPair.self)
    }

    /// - Parameters:
    ///   - index: 0…31; says which of the four words this round changes.
    ///   - state: four words of eight planes, for every batch.
    @inline(__always)
    private static func round<Plane: BatchPlane>(
        _ index: Int, _ state: UnsafeMutablePointer<Vector>, _ key: UnsafePointer<Vector>,
        as plane: Plane.Type
    ) {
        @inline(__always)
        func word(_ number: Int) -> BitPlanes<Plane> {
            let x = unsafe state + 8 &* ((index &+ number) & 3)
            return unsafe BitPlanes(
                b0: Plane(at: x), b1: Plane(at: x + 1), b2: Plane(at: x + 2), b3: Plane(at: x + 3),
                b4: Plane(at: x + 4), b5: Plane(at: x + 5), b6: Plane(at: x + 6), b7: Plane(at: x + 7))
        }
        let key = unsafe BitPlanes(
            b0: Plane(repeating: key[0]), b1: Plane(repeating: key[1]), b2: Plane(repeating: key[2]),
            b3: Plane(repeating: key[3]), b4: Plane(repeating: key[4]), b5: Plane(repeating: key[5]),
            b6: Plane(repeating: key[6]), b7: Plane(repeating: key[7]))
        let out = word(0) ^ linear(SM4SBox.circuit(word(1) ^ word(2) ^ word(3) ^ key))
        let x = unsafe state + 8 &* (index & 3)
        unsafe out.b0.store(to: x)
        unsafe out.b1.store(to: x + 1)
        unsafe out.b2.store(to: x + 2)
        unsafe out.b3.store(to: x + 3)
        unsafe out.b4.store(to: x + 4)
        unsafe out.b5.store(to: x + 5)
        unsafe out.b6.store(to: x + 6)
        unsafe out.b7.store(to: x + 7)
    }

    /// L(x) = x ^ (x <<< 24) ^ ((x ^ (x <<< 8) ^ (x <<< 16)) <<< 2), where a turn by two bits moves planes
    /// and takes the two uppermost from the next byte.
    @inline(__always)
    private static func linear<Plane: BatchPlane>(_ x: BitPlanes<Plane>) -> BitPlanes<Plane> {
        let s = x ^ x.map { $0.turned(1) } ^ x.map { $0.turned(2) }
        let turned = BitPlanes(
            b0: s.b6.turned(1), b1: s.b7.turned(1), b2: s.b0, b3: s.b1, b4: s.b2, b5: s.b3, b6: s.b4, b7: s.b5
        )
        return x ^ x.map { $0.turned(3) } ^ turned
    }
}
