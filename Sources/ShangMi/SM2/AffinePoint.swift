/// A point of the curve y² = x³ - 3x + b of GB/T 32918.5 by its coordinates; never the point at infinity.
package struct AffinePoint: Sendable {
    package var x: FieldElement
    package var y: FieldElement

    @inline(__always)
    init(unchecked x: FieldElement, _ y: FieldElement) { (self.x, self.y) = (x, y) }

    /// Coordinates that are not below p, or not those of a point of the curve, make nil.
    package init?(x: UInt256, y: UInt256) {
        guard x.lessMask(FieldElement.modulus) & y.lessMask(FieldElement.modulus) != 0 else { return nil }
        self.init(unchecked: FieldElement(x), FieldElement(y))
        let difference = self.y.squared() - Self.curve(at: self.x)
        guard difference.zeroMask != 0 else { return nil }
    }

    /// The point at `x` whose y is odd or even; nil where the curve has none or `x` is not below p.
    package init?(x: UInt256, yIsOdd: Bool) {
        guard x.lessMask(FieldElement.modulus) != 0 else { return nil }
        let abscissa = FieldElement(x)
        guard let root = Self.curve(at: abscissa).squareRoot() else { return nil }
        let isOdd = root.value.w0 & 1 == 1
        self.init(unchecked: abscissa, isOdd == yIsOdd ? root : -root)
    }

    /// x³ - 3x + b.
    private static func curve(at x: FieldElement) -> FieldElement {
        (x.squared() - FieldElement.one.doubled() - .one) * x + b
    }

    /// The curve's b, times 2^256 mod p.
    private static var b: FieldElement {
        FieldElement(
            montgomery: UInt256(
                0x90d2_3063_2bc0_dd42, 0x71cf_379a_e9b5_37ab, 0x5279_8150_5ea5_1c3c, 0x240f_e188_ba20_e2c8))
    }

    /// The base point, each coordinate times 2^256 mod p.
    package static var base: AffinePoint {
        AffinePoint(
            unchecked: FieldElement(
                montgomery: UInt256(
                    0x6132_8990_f418_029e, 0x3e79_81ed_dca6_c050, 0xd6a1_ed99_ac24_c3c3,
                    0x9116_7a5e_e1c1_3b05)),
            FieldElement(
                montgomery: UInt256(
                    0xc135_4e59_3c2d_0ddd, 0xc1f5_e578_8d32_95fa, 0x8d4c_fb06_6e2a_48f8,
                    0x63cd_65d4_81d7_35bd)))
    }

    /// -P where `mask` is all ones, P where it is zero.
    @inline(__always)
    func negated(_ mask: UInt64) -> AffinePoint {
        AffinePoint(unchecked: x, (-y).selected(mask, else: y))
    }

    /// Are the two the same point? Variable time.
    func equals(_ other: AffinePoint) -> Bool {
        (x - other.x).zeroMask & (y - other.y).zeroMask != 0
    }
}
