extension FieldElement {
    /// a·b, with the Montgomery reduction after the whole product. Its machine code must not jump.
    @inline(never)
    static func multiply(_ a: FieldElement, _ b: FieldElement) -> FieldElement {
        let (x, y) = (a.montgomery, b.montgomery)
        var carry: UInt64 = 0
        let t0 = x.w0.multiplied(by: y.w0, adding: 0, carry: &carry)
        var t1 = x.w0.multiplied(by: y.w1, adding: 0, carry: &carry)
        var t2 = x.w0.multiplied(by: y.w2, adding: 0, carry: &carry)
        var t3 = x.w0.multiplied(by: y.w3, adding: 0, carry: &carry)
        var t4 = carry
        carry = 0
        t1 = x.w1.multiplied(by: y.w0, adding: t1, carry: &carry)
        t2 = x.w1.multiplied(by: y.w1, adding: t2, carry: &carry)
        t3 = x.w1.multiplied(by: y.w2, adding: t3, carry: &carry)
        t4 = x.w1.multiplied(by: y.w3, adding: t4, carry: &carry)
        var t5 = carry
        carry = 0
        t2 = x.w2.multiplied(by: y.w0, adding: t2, carry: &carry)
        t3 = x.w2.multiplied(by: y.w1, adding: t3, carry: &carry)
        t4 = x.w2.multiplied(by: y.w2, adding: t4, carry: &carry)
        t5 = x.w2.multiplied(by: y.w3, adding: t5, carry: &carry)
        var t6 = carry
        carry = 0
        t3 = x.w3.multiplied(by: y.w0, adding: t3, carry: &carry)
        t4 = x.w3.multiplied(by: y.w1, adding: t4, carry: &carry)
        t5 = x.w3.multiplied(by: y.w2, adding: t5, carry: &carry)
        t6 = x.w3.multiplied(by: y.w3, adding: t6, carry: &carry)
        return reducing(UInt256(t0, t1, t2, t3), UInt256(t4, t5, t6, carry))
    }

    /// a², where the mixed products are taken once and doubled. Its machine code must not jump.
    @inline(never)
    static func square(_ a: FieldElement) -> FieldElement {
        let x = a.montgomery
        var carry: UInt64 = 0
        let t1 = x.w0.multiplied(by: x.w1, adding: 0, carry: &carry)
        let t2 = x.w0.multiplied(by: x.w2, adding: 0, carry: &carry)
        var t3 = x.w0.multiplied(by: x.w3, adding: 0, carry: &carry)
        var t4 = carry
        carry = 0
        t3 = x.w1.multiplied(by: x.w2, adding: t3, carry: &carry)
        t4 = x.w1.multiplied(by: x.w3, adding: t4, carry: &carry)
        var t5 = carry
        carry = 0
        t5 = x.w2.multiplied(by: x.w3, adding: t5, carry: &carry)
        let t6 = carry
        let (s0, s1) = (x.w0.multipliedFullWidth(by: x.w0), x.w1.multipliedFullWidth(by: x.w1))
        let (s2, s3) = (x.w2.multipliedFullWidth(by: x.w2), x.w3.multipliedFullWidth(by: x.w3))
        carry = 0
        let r1 = (t1 &<< 1).adding(s0.high, carry: &carry)
        let r2 = (t2 &<< 1 | t1 &>> 63).adding(s1.low, carry: &carry)
        let r3 = (t3 &<< 1 | t2 &>> 63).adding(s1.high, carry: &carry)
        let r4 = (t4 &<< 1 | t3 &>> 63).adding(s2.low, carry: &carry)
        let r5 = (t5 &<< 1 | t4 &>> 63).adding(s2.high, carry: &carry)
        let r6 = (t6 &<< 1 | t5 &>> 63).adding(s3.low, carry: &carry)
        let r7 = (t6 &>> 63).adding(s3.high, carry: &carry)
        return reducing(UInt256(s0.low, r1, r2, r3), UInt256(r4, r5, r6, r7))
    }

    /// (low + high·2^256) / 2^256: the low half folds to at most p, the high half of a product is below p - 1.
    @inline(__always)
    private static func reducing(_ low: UInt256, _ high: UInt256) -> FieldElement {
        let (sum, carry) = folded(low).adding(high)
        return FieldElement(montgomery: reduced(sum, carry: carry))
    }
}
