/// Additions that branch on their operands: for verification, where every point is public.
extension JacobianPoint {
    /// P + Q for every P and Q, in variable time.
    func addingPublic(_ q: AffinePoint) -> JacobianPoint {
        let zz = z.squared()
        guard zz.zeroMask == 0 else { return JacobianPoint(q) }
        let h = q.x * zz - x
        let r = q.y * (zz * z) - y
        if h.zeroMask != 0 { return r.zeroMask != 0 ? Self.double(self) : .infinity }
        let hh = h.squared()
        let hhh = hh * h
        let v = x * hh
        let x3 = r.squared() - hhh - v.doubled()
        return JacobianPoint(x3, r * (v - x3) - y * hhh, z * h)
    }

    /// P + Q for every P and Q, in variable time.
    func addingPublic(_ q: JacobianPoint) -> JacobianPoint {
        if infinityMask != 0 { return q }
        if q.infinityMask != 0 { return self }
        if Self.equalMask(self, q) != 0 { return Self.double(self) }
        return Self.addUnequal(self, q)
    }

    /// P + u·G in variable time.
    func addingBaseMultiple(_ u: Scalar) -> JacobianPoint {
        let table = BaseTable.shared
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: BaseTable.windowCount) {
            digits in
            guard let start = digits.baseAddress else { return .infinity }
            unsafe SignedDigits.recode(u, width: UInt64(BaseTable.width), into: start)
            var sum = self
            for window in 0..<BaseTable.windowCount {
                let digit = unsafe digits[window]
                guard digit & 0x7f != 0 else { continue }
                let multiple = table.multiple(window: window, magnitude: Int(digit & 0x7f))
                sum = sum.addingPublic(multiple.negated(0 &- UInt64(digit >> 7)))
            }
            return sum
        }
    }

    /// Is `value` modulo n the x coordinate modulo n? Without an inversion: x = X/Z².
    func hasAbscissa(congruentTo value: Scalar) -> Bool {
        guard infinityMask == 0 else { return false }
        let zz = z.squared()
        if (FieldElement(value.value) * zz - x).zeroMask != 0 { return true }
        // The coordinate may have been n or more, up to p - 1.
        let (raised, carry) = value.value.adding(Scalar.order)
        guard carry == 0, raised.lessMask(FieldElement.modulus) != 0 else { return false }
        return (FieldElement(raised) * zz - x).zeroMask != 0
    }
}
