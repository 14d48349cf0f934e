/// The way of 32 blocks into bit planes and back.
extension SM4Batch {
    /// - Parameter state: 32 blocks; afterwards four words of eight planes.
    static func toPlanes(_ state: UnsafeMutablePointer<Vector>) {
        unsafe exchangeBits(state)
        for index in 0..<8 {
            let (a, b) = unsafe (state[index], state[index + 8])
            let (c, d) = unsafe (state[index + 16], state[index + 24])
            for word in 0..<4 {
                unsafe state[index + 8 * word] = Vector(a[word], b[word], c[word], d[word])
            }
        }
    }

    /// The way back, which also swaps the words end to end as the cipher's last step does (GB/T 32907-2016,
    /// 7.1).
    static func toBlocks(_ state: UnsafeMutablePointer<Vector>) {
        for index in 0..<8 {
            let (a, b) = unsafe (state[index], state[index + 8])
            let (c, d) = unsafe (state[index + 16], state[index + 24])
            for byte in 0..<4 {
                unsafe state[index + 8 * byte] = Vector(d[byte], c[byte], b[byte], a[byte])
            }
        }
        unsafe exchangeBits(state)
    }

    /// Bit j of vector i changes places with bit i of vector j, in every lane: squares of 16 × 16 bits first,
    /// then ever smaller ones. Two sizes at a time, on four vectors, save half the way to memory.
    private static func exchangeBits(_ state: UnsafeMutablePointer<Vector>) {
        for index in 0..<8 {
            unsafe exchangeTwice(state + index, 8, (0x0000_ffff, 0x00ff_00ff))
        }
        for index in 0..<8 {
            unsafe exchangeTwice(state + 8 * (index / 2) + index % 2, 2, (0x0f0f_0f0f, 0x3333_3333))
        }
        for index in stride(from: 0, to: blockCount, by: 2) {
            var (first, second) = unsafe (BitVector(at: state + index), BitVector(at: state + index + 1))
            first.exchange(with: &second, 1, 0x5555_5555)
            unsafe first.store(to: state + index)
            unsafe second.store(to: state + index + 1)
        }
    }

    /// Vectors at a distance of twice `step`, then of `step`.
    @inline(__always)
    private static func exchangeTwice(
        _ x: UnsafeMutablePointer<Vector>, _ step: Int, _ masks: (UInt32, UInt32)
    ) {
        var (a, b) = unsafe (BitVector(at: x), BitVector(at: x + step))
        var (c, d) = unsafe (BitVector(at: x + 2 * step), BitVector(at: x + 3 * step))
        let bits = UInt32(truncatingIfNeeded: step)
        a.exchange(with: &c, 2 * bits, masks.0)
        b.exchange(with: &d, 2 * bits, masks.0)
        a.exchange(with: &b, bits, masks.1)
        c.exchange(with: &d, bits, masks.1)
        unsafe a.store(to: x)
        unsafe b.store(to: x + step)
        unsafe c.store(to: x + 2 * step)
        unsafe d.store(to: x + 3 * step)
    }
}

extension BitVector {
    /// The bits here that the mask has, turned down by `count`, change places with those of the mask there.
    @inline(__always)
    fileprivate mutating func exchange(with other: inout Self, _ count: UInt32, _ mask: UInt32) {
        let moved =
            (Self(repeating: words &>> SIMD4(repeating: count)) ^ other)
            & Self(repeating: SIMD4(repeating: mask))
        other = other ^ moved
        self = self ^ Self(repeating: moved.words &<< SIMD4(repeating: count))
    }
}
