/// Carry chains. A carry is a word of 0 or 1, never a `Bool`: overflow flags joined with `||` compile to
/// jumps, whose timing tells a listener something of the operands; sums in 128 bits compile to add-with-carry.
extension UInt64 {
    /// The low word of `self + other + carry`; `carry` becomes the carry out.
    @inline(__always)
    func adding(_ other: UInt64, carry: inout UInt64) -> UInt64 {
        let wide = UInt128(self) &+ UInt128(other) &+ UInt128(carry)
        carry = UInt64(truncatingIfNeeded: wide &>> 64)
        return UInt64(truncatingIfNeeded: wide)
    }

    /// The low word of `self · other + addend + carry`, which fits two words; the high one goes to `carry`.
    @inline(__always)
    func multiplied(by other: UInt64, adding addend: UInt64, carry: inout UInt64) -> UInt64 {
        let wide = UInt128(self) &* UInt128(other) &+ UInt128(addend) &+ UInt128(carry)
        carry = UInt64(truncatingIfNeeded: wide &>> 64)
        return UInt64(truncatingIfNeeded: wide)
    }

    /// All ones where the word is zero, else zero.
    @inline(__always)
    var zeroMask: UInt64 { ((self | (0 &- self)) &>> 63) &- 1 }
}
