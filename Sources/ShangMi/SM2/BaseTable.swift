/// The multiples of the base point that signing and key generation add up: for each of 43 windows of six
/// bits, j·2^(6i)·G for j in 1…32, in coordinates. 86 KB, made at the first use in under a millisecond.
package final class BaseTable: Sendable {
    package static let shared = BaseTable()

    @inline(__always)
    static var width: Int { 6 }
    @inline(__always)
    static var windowCount: Int { SignedDigits.count(width: width) }
    @inline(__always)
    static var multipleCount: Int { 32 }

    private let points: [AffinePoint]

    private init() {
        var multiples: [JacobianPoint] = []
        multiples.reserveCapacity(Self.windowCount * Self.multipleCount)
        var first = JacobianPoint(.base)
        for _ in 0..<Self.windowCount {
            var multiple = first
            for _ in 0..<Self.multipleCount {
                multiples.append(multiple)
                multiple = JacobianPoint.addComplete(multiple, first)
            }
            first = JacobianPoint.double(multiples[multiples.count - 1])
        }
        points = JacobianPoint.normalized(multiples)
    }

    /// k·G in constant time, k below n; infinity for 0.
    ///
    /// Digits are added from the lowest window up: before window i the sum is less than 2^(6i)·G in size and
    /// what is added is at least that or skipped, so the two are never equal or opposite. (At the top, where
    /// multiples of n could matter, they would have to differ by n, and k is below n.)
    package func multiply(_ k: Scalar) -> JacobianPoint {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.windowCount) { digits in
            unsafe points.withUnsafeBufferPointer { points in
                guard let digits = digits.baseAddress, let points = points.baseAddress else {
                    return .infinity
                }
                unsafe SignedDigits.recode(k, width: UInt64(Self.width), into: digits)
                return unsafe Self.sum(points, digits)
            }
        }
    }

    @inline(never)
    private static func sum(
        _ points: UnsafePointer<AffinePoint>, _ digits: UnsafePointer<UInt8>
    ) -> JacobianPoint {
        var sum = JacobianPoint.infinity
        for window in 0..<windowCount {
            sum = unsafe JacobianPoint.addDistinct(
                sum, pick(points + multipleCount &* window, digits[window]))
        }
        return sum
    }

    /// digit times the first of 32 multiples, read by looking at every one; (0, 0) for 0.
    ///
    /// The masks are vectors' since the compiler turns words' masks into jumps. Its machine code must not jump
    /// but for the loop.
    @inline(never)
    private static func pick(_ multiples: UnsafePointer<AffinePoint>, _ digit: UInt8) -> AffinePoint {
        let magnitude = UInt64(digit & 0x7f)
        var (x, y) = (SIMD4<UInt64>(), SIMD4<UInt64>())
        for index in 0..<multipleCount {
            let mask = SIMD4<UInt64>(
                repeating: (magnitude ^ UInt64(truncatingIfNeeded: index &+ 1)).zeroMask)
            let point = unsafe UnsafeRawPointer(multiples + index)
            x |= unsafe point.loadUnaligned(as: SIMD4<UInt64>.self) & mask
            y |= unsafe point.loadUnaligned(fromByteOffset: 32, as: SIMD4<UInt64>.self) & mask
        }
        return AffinePoint(unchecked: FieldElement(montgomery: x), FieldElement(montgomery: y)).negated(
            0 &- UInt64(digit &>> 7))
    }

    /// digit·2^(6·window)·G, by index: the time tells the digit.
    @inline(__always)
    func multiple(window: Int, magnitude: Int) -> AffinePoint {
        points[window * Self.multipleCount + magnitude - 1]
    }
}
