extension JacobianPoint {
    private static var width: Int { 5 }

    /// k·P in constant time for any k below n: 52 signed digits of five bits, from the top.
    ///
    /// In every round but the last the sum so far is 32·A·P with 0 ≤ 32·A < n - 16, so that it equals no
    /// multiple up to 16·P that is added, except for infinity, which `addUnequal` covers. In the last round
    /// 32·A may be n less than the digit (k = n - 6), and that addition is a complete one.
    package static func multiply(_ point: AffinePoint, by k: Scalar) -> JacobianPoint {
        let count = SignedDigits.count(width: width)
        return unsafe withUnsafeTemporaryAllocation(of: JacobianPoint.self, capacity: 16) { table in
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { digits in
                guard let multiples = table.baseAddress, let digits = digits.baseAddress else {
                    return .infinity
                }
                unsafe fill(multiples, with: point)
                unsafe SignedDigits.recode(k, width: UInt64(width), into: digits)
                return unsafe sum(multiples, digits, count)
            }
        }
    }

    /// P, 2P, … 16P.
    private static func fill(_ multiples: UnsafeMutablePointer<JacobianPoint>, with point: AffinePoint) {
        let first = JacobianPoint(point)
        unsafe multiples.initialize(to: first)
        for index in 1..<16 {
            let next =
                index & 1 == 1
                ? unsafe double(multiples[index / 2])
                : unsafe addDistinct(multiples[index - 1], point)
            unsafe (multiples + index).initialize(to: next)
        }
    }

    @inline(never)
    private static func sum(
        _ multiples: UnsafePointer<JacobianPoint>, _ digits: UnsafePointer<UInt8>, _ count: Int
    ) -> JacobianPoint {
        var sum = unsafe pick(multiples, digits[count - 1])
        for index in stride(from: count - 2, through: 1, by: -1) {
            for _ in 0..<width { sum = double(sum) }
            sum = unsafe addUnequal(sum, pick(multiples, digits[index]))
        }
        for _ in 0..<width { sum = double(sum) }
        return unsafe addComplete(sum, pick(multiples, digits[0]))
    }

    /// digit·P, read by looking at every multiple; (0 : 0 : 0), which is infinity, for 0.
    ///
    /// The masks are vectors' since the compiler turns words' masks into jumps. Its machine code must not jump
    /// but for the loop.
    @inline(never)
    private static func pick(_ multiples: UnsafePointer<JacobianPoint>, _ digit: UInt8) -> JacobianPoint {
        let magnitude = UInt64(digit & 0x7f)
        var (x, y, z) = (SIMD4<UInt64>(), SIMD4<UInt64>(), SIMD4<UInt64>())
        for index in 0..<16 {
            let mask = SIMD4<UInt64>(
                repeating: (magnitude ^ UInt64(truncatingIfNeeded: index &+ 1)).zeroMask)
            let point = unsafe UnsafeRawPointer(multiples + index)
            x |= unsafe point.loadUnaligned(as: SIMD4<UInt64>.self) & mask
            y |= unsafe point.loadUnaligned(fromByteOffset: 32, as: SIMD4<UInt64>.self) & mask
            z |= unsafe point.loadUnaligned(fromByteOffset: 64, as: SIMD4<UInt64>.self) & mask
        }
        let picked = JacobianPoint(
            FieldElement(montgomery: x), FieldElement(montgomery: y), FieldElement(montgomery: z))
        return picked.negated(0 &- UInt64(digit &>> 7))
    }
}
