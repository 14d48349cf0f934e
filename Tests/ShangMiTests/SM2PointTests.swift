import ShangMi
import Testing

@Suite("SM2: multiples of points")
struct SM2PointTests {
    private static func scalar(_ value: UInt256) -> Scalar { Scalar(reducing: value) }

    private static func isSame(_ a: JacobianPoint, _ b: JacobianPoint) -> Bool {
        JacobianPoint.equalMask(a, b) != 0
    }

    /// n less `count`.
    private static func fromTop(_ count: UInt64) -> Scalar {
        scalar(UInt256(0, 0, 0, 0)) - scalar(UInt256(count, 0, 0, 0))
    }

    @Test("The first forty multiples are those of repeated addition, and so are their negatives")
    func smallMultiples() {
        var sum = JacobianPoint(.base)
        for count in UInt64(1)...200 {
            let k = Self.scalar(UInt256(count, 0, 0, 0))
            #expect(Self.isSame(BaseTable.shared.multiply(k), sum), "\(count)·G from the table")
            #expect(Self.isSame(JacobianPoint.multiply(.base, by: k), sum), "\(count)·G")
            let opposite = BaseTable.shared.multiply(Self.fromTop(count))
            let variable = JacobianPoint.multiply(.base, by: Self.fromTop(count))
            #expect(Self.isSame(opposite, variable), "(n - \(count))·G")
            #expect(opposite.affine.x.value == sum.affine.x.value)
            #expect((opposite.affine.y + sum.affine.y).zeroMask != 0)
            sum = JacobianPoint.addComplete(sum, JacobianPoint(.base))
        }
    }

    @Test("Table and windows agree on random scalars and at the windows' edges")
    func agreement() {
        var random = RandomBytes(seed: 1)
        var scalars = (0..<40).map { _ in Self.scalar(UInt256(bigEndian: random.bytes(32).span)) }
        for bit in stride(from: 0, to: 256, by: 7) {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[31 - bit / 8] = 1 << UInt8(bit % 8)
            let power = Self.scalar(UInt256(bigEndian: bytes.span))
            scalars += [power, power - .one, power + .one, Self.fromTop(1) - power]
        }
        for k in scalars where k.zeroMask == 0 {
            let expected = BaseTable.shared.multiply(k)
            #expect(Self.isSame(JacobianPoint.multiply(.base, by: k), expected), "\(hex(k.value.bytes))")
            #expect(AffinePoint(x: expected.affine.x.value, y: expected.affine.y.value) != nil)
        }
    }

    @Test("Zero times a point is infinity")
    func zero() {
        let zero = Self.scalar(UInt256(0, 0, 0, 0))
        let infinity = JacobianPoint.addComplete(
            JacobianPoint(.base), BaseTable.shared.multiply(Self.fromTop(1)))
        #expect(Self.isSame(BaseTable.shared.multiply(zero), infinity))
        #expect(Self.isSame(JacobianPoint.multiply(.base, by: zero), infinity))
        #expect(Self.isSame(JacobianPoint.addComplete(infinity, infinity), infinity))
        #expect(Self.isSame(JacobianPoint.addComplete(infinity, JacobianPoint(.base)), JacobianPoint(.base)))
        #expect(Self.isSame(JacobianPoint.addComplete(JacobianPoint(.base), infinity), JacobianPoint(.base)))
    }

    @Test("Multiplying by a sum is adding the multiples")
    func distribution() {
        var random = RandomBytes(seed: 2)
        for _ in 0..<20 {
            let a = Self.scalar(UInt256(bigEndian: random.bytes(32).span))
            let b = Self.scalar(UInt256(bigEndian: random.bytes(32).span))
            let point = BaseTable.shared.multiply(a).affine
            let product = JacobianPoint.multiply(point, by: b)
            #expect(Self.isSame(product, BaseTable.shared.multiply(a * b)))
        }
    }
}
