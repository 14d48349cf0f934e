/// A point of the curve as (X : Y : Z), which stands for (X/Z², Y/Z³), or for infinity where Z is 0.
///
/// The formulas here take the same time whatever the points, and where a formula has an exception (P + P,
/// P - P) its name or its caller says why the exception can't come or is covered.
package struct JacobianPoint: Sendable {
    var x: FieldElement
    var y: FieldElement
    var z: FieldElement

    @inline(__always)
    init(_ x: FieldElement, _ y: FieldElement, _ z: FieldElement) { (self.x, self.y, self.z) = (x, y, z) }

    @inline(__always)
    package init(_ point: AffinePoint) { self.init(point.x, point.y, .one) }

    @inline(__always)
    static var infinity: JacobianPoint { JacobianPoint(.one, .one, .zero) }

    /// Is it the point at infinity?
    @inline(__always)
    var infinityMask: UInt64 { z.zeroMask }

    @inline(__always)
    func selected(_ mask: UInt64, else other: JacobianPoint) -> JacobianPoint {
        JacobianPoint(
            x.selected(mask, else: other.x), y.selected(mask, else: other.y), z.selected(mask, else: other.z))
    }

    @inline(__always)
    func negated(_ mask: UInt64) -> JacobianPoint { JacobianPoint(x, (-y).selected(mask, else: y), z) }

    /// 2P for every P, since no point has y = 0: the order is odd. Four products and four squares, as a is -3.
    ///
    /// Its machine code must not jump.
    @inline(never)
    static func double(_ p: JacobianPoint) -> JacobianPoint {
        let zz = p.z.squared()
        let yy = p.y.squared()
        let xyy = p.x * yy
        let slope = (p.x - zz) * (p.x + zz)
        let m = slope.doubled() + slope
        let s4 = xyy.doubled().doubled()
        let x = m.squared() - s4.doubled()
        let yyyy8 = yy.doubled().squared().doubled()
        return JacobianPoint(x, m * (s4 - x) - yyyy8, (p.y * p.z).doubled())
    }

    /// P + Q for Q in coordinates, or P where those are (0, 0), which is no point.
    ///
    /// P may be infinity, but must not be Q or -Q. Its machine code must not jump.
    @inline(never)
    static func addDistinct(_ p: JacobianPoint, _ q: AffinePoint) -> JacobianPoint {
        let skip = q.x.zeroMask & q.y.zeroMask
        let zz = p.z.squared()
        let h = q.x * zz - p.x
        let r = q.y * (zz * p.z) - p.y
        let hh = h.squared()
        let hhh = hh * h
        let v = p.x * hh
        let x = r.squared() - hhh - v.doubled()
        let sum = JacobianPoint(x, r * (v - x) - p.y * hhh, p.z * h)
        return p.selected(skip, else: JacobianPoint(q).selected(p.infinityMask, else: sum))
    }

    /// P + Q where P ≠ Q; either may be infinity, and P = -Q gives infinity. Its machine code must not jump.
    @inline(never)
    static func addUnequal(_ p: JacobianPoint, _ q: JacobianPoint) -> JacobianPoint {
        let pzz = p.z.squared()
        let qzz = q.z.squared()
        let u = p.x * qzz
        let s = p.y * (qzz * q.z)
        let h = q.x * pzz - u
        let r = q.y * (pzz * p.z) - s
        let hh = h.squared()
        let hhh = hh * h
        let v = u * hh
        let x = r.squared() - hhh - v.doubled()
        let sum = JacobianPoint(x, r * (v - x) - s * hhh, p.z * q.z * h)
        return q.selected(p.infinityMask, else: p.selected(q.infinityMask, else: sum))
    }

    /// P + Q for every P and Q: both the sum and the double are taken, and one is chosen by mask.
    package static func addComplete(_ p: JacobianPoint, _ q: JacobianPoint) -> JacobianPoint {
        double(p).selected(equalMask(p, q), else: addUnequal(p, q))
    }

    /// Are both the same point, infinity included?
    package static func equalMask(_ p: JacobianPoint, _ q: JacobianPoint) -> UInt64 {
        let pzz = p.z.squared()
        let qzz = q.z.squared()
        let x = (p.x * qzz - q.x * pzz).zeroMask
        let y = (p.y * (qzz * q.z) - q.y * (pzz * p.z)).zeroMask
        let finite = ~p.infinityMask & ~q.infinityMask
        return (x & y & finite) | (p.infinityMask & q.infinityMask)
    }

    /// The coordinates; those of infinity come out as (0, 0), which is no point.
    @inline(never)
    package var affine: AffinePoint {
        let inverse = z.inverted()
        let square = inverse.squared()
        return AffinePoint(unchecked: x * square, y * (square * inverse))
    }
}
