/// An integer modulo n, the order of the base point of GB/T 32918.5, kept below n as it is.
///
/// Every operation takes the same time whatever the values, unless its name says otherwise.
package struct Scalar: Sendable {
    /// Below n.
    package var value: UInt256

    @inline(__always)
    init(unchecked value: UInt256) { self.value = value }

    /// - Parameter value: any number of 256 bits, taken modulo n.
    @inline(__always)
    package init(reducing value: UInt256) {
        self.value = Self.reduced(value, carry: 0)
    }

    @inline(__always)
    package static var order: UInt256 {
        UInt256(0x53bb_f409_39d5_4123, 0x7203_df6b_21c6_052b, 0xffff_ffff_ffff_ffff, 0xffff_fffe_ffff_ffff)
    }

    /// 2^256 - n, which is 2^256 mod n too.
    @inline(__always)
    static var complement: UInt256 {
        UInt256(0xac44_0bf6_c62a_bedd, 0x8dfc_2094_de39_fad4, 0, 0x1_0000_0000)
    }

    package static var one: Scalar { Scalar(unchecked: UInt256(1, 0, 0, 0)) }

    @inline(__always)
    package var zeroMask: UInt64 { value.zeroMask }

    package static func + (a: Scalar, b: Scalar) -> Scalar { sum(a, b) }

    package static func - (a: Scalar, b: Scalar) -> Scalar { difference(a, b) }

    /// Its machine code must not jump.
    @inline(never)
    private static func sum(_ a: Scalar, _ b: Scalar) -> Scalar {
        let (sum, carry) = a.value.adding(b.value)
        return Scalar(unchecked: reduced(sum, carry: carry))
    }

    /// Its machine code must not jump.
    @inline(never)
    private static func difference(_ a: Scalar, _ b: Scalar) -> Scalar {
        let (difference, carry) = a.value.subtracting(b.value)
        let (wrapped, _) = difference.subtracting(complement.masked(carry &- 1))
        return Scalar(unchecked: wrapped)
    }

    /// `value` + `carry`·2^256, known to be below 2n, less n where it isn't below n.
    @inline(__always)
    private static func reduced(_ value: UInt256, carry: UInt64) -> UInt256 {
        let (less, overflow) = value.adding(complement)
        return less.selected(0 &- (carry | overflow), else: value)
    }
}

extension Scalar {
    /// 2^512 mod n.
    private static var radixSquared: UInt256 {
        UInt256(0x9011_92af_7c11_4f20, 0x3464_504a_de6f_a2fa, 0x620f_c84c_3aff_e0d4, 0x1eb5_e412_a22b_3d3b)
    }

    /// -1/n modulo 2^64.
    @inline(__always)
    private static var reductionFactor: UInt64 { 0x327f_9e88_7235_0975 }

    /// a·2^256, which makes `montgomeryProduct` with it a plain product.
    package var inMontgomeryForm: Scalar {
        Self.montgomeryProduct(self, Scalar(unchecked: Self.radixSquared))
    }

    package static func * (a: Scalar, b: Scalar) -> Scalar { montgomeryProduct(a.inMontgomeryForm, b) }

    /// a·b / 2^256 mod n, reduced word by word. Its machine code must not jump.
    @inline(never)
    package static func montgomeryProduct(_ a: Scalar, _ b: Scalar) -> Scalar {
        let y = b.value
        var top: UInt64 = 0
        var sum = UInt256.zero
        addingRow(a.value.w0, y, &sum, &top)
        addingRow(a.value.w1, y, &sum, &top)
        addingRow(a.value.w2, y, &sum, &top)
        addingRow(a.value.w3, y, &sum, &top)
        return Scalar(unchecked: reduced(sum, carry: top))
    }

    /// (top·2^256 + sum + x·y + m·n) / 2^64 for the m that makes it whole; stays below 2n.
    @inline(__always)
    private static func addingRow(_ x: UInt64, _ y: UInt256, _ sum: inout UInt256, _ top: inout UInt64) {
        var carry: UInt64 = 0
        let t0 = x.multiplied(by: y.w0, adding: sum.w0, carry: &carry)
        let t1 = x.multiplied(by: y.w1, adding: sum.w1, carry: &carry)
        let t2 = x.multiplied(by: y.w2, adding: sum.w2, carry: &carry)
        let t3 = x.multiplied(by: y.w3, adding: sum.w3, carry: &carry)
        var t5: UInt64 = 0
        let t4 = top.adding(carry, carry: &t5)

        let m = t0 &* reductionFactor
        carry = 0
        _ = m.multiplied(by: order.w0, adding: t0, carry: &carry)
        let r0 = m.multiplied(by: order.w1, adding: t1, carry: &carry)
        let r1 = m.multiplied(by: order.w2, adding: t2, carry: &carry)
        let r2 = m.multiplied(by: order.w3, adding: t3, carry: &carry)
        var overflow: UInt64 = 0
        let r3 = t4.adding(carry, carry: &overflow)
        sum = UInt256(r0, r1, r2, r3)
        top = t5 &+ overflow
    }
}
