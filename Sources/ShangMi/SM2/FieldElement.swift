/// An integer modulo p = 2^256 - 2^224 - 2^96 + 2^64 - 1, the field of GB/T 32918.5.
///
/// Kept below p in Montgomery form, as a·2^256 mod p. Every operation takes the same time whatever the values.
package struct FieldElement: Sendable {
    /// a·2^256 mod p, below p.
    var montgomery: UInt256

    @inline(__always)
    init(montgomery: UInt256) { self.montgomery = montgomery }

    /// - Parameter value: below p.
    package init(_ value: UInt256) {
        self = FieldElement(montgomery: value) * FieldElement(montgomery: Self.radixSquared)
    }

    /// The words of a Montgomery form, least significant first.
    @inline(__always)
    init(montgomery words: SIMD4<UInt64>) {
        montgomery = UInt256(words[0], words[1], words[2], words[3])
    }

    /// The integer itself, below p.
    package var value: UInt256 { Self.integer(self) }

    /// Its machine code must not jump.
    @inline(never)
    private static func integer(_ a: FieldElement) -> UInt256 { reduced(folded(a.montgomery), carry: 0) }

    @inline(__always)
    package static var modulus: UInt256 {
        UInt256(0xffff_ffff_ffff_ffff, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_fffe_ffff_ffff)
    }

    /// 2^256 - p, which is 2^256 mod p too.
    @inline(__always)
    private static var complement: UInt256 { UInt256(1, 0xffff_ffff, 0, 0x1_0000_0000) }

    /// 2^512 mod p.
    private static var radixSquared: UInt256 {
        UInt256(0x2_0000_0003, 0x2_ffff_ffff, 0x1_0000_0001, 0x4_0000_0002)
    }

    @inline(__always)
    static var zero: FieldElement { FieldElement(montgomery: .zero) }
    @inline(__always)
    static var one: FieldElement { FieldElement(montgomery: complement) }

    @inline(__always)
    package var zeroMask: UInt64 { montgomery.zeroMask }

    @inline(__always)
    package static func + (a: FieldElement, b: FieldElement) -> FieldElement {
        let (sum, carry) = a.montgomery.adding(b.montgomery)
        return FieldElement(montgomery: reduced(sum, carry: carry))
    }

    @inline(__always)
    package static func - (a: FieldElement, b: FieldElement) -> FieldElement {
        let (difference, carry) = a.montgomery.subtracting(b.montgomery)
        // A borrow left the difference 2^256 too high: less 2^256 - p is p more.
        let (wrapped, _) = difference.subtracting(complement.masked(carry &- 1))
        return FieldElement(montgomery: wrapped)
    }

    @inline(__always)
    package static prefix func - (a: FieldElement) -> FieldElement { zero - a }

    @inline(__always)
    func doubled() -> FieldElement { self + self }

    /// a where `mask` is all ones, `other` where it is zero.
    @inline(__always)
    func selected(_ mask: UInt64, else other: FieldElement) -> FieldElement {
        FieldElement(montgomery: montgomery.selected(mask, else: other.montgomery))
    }

    @inline(__always)
    package static func * (a: FieldElement, b: FieldElement) -> FieldElement { multiply(a, b) }

    /// `value` + `carry`·2^256, known to be below 2p, less p where it isn't below p.
    @inline(__always)
    static func reduced(_ value: UInt256, carry: UInt64) -> UInt256 {
        let (less, overflow) = value.adding(complement)
        return less.selected(0 &- (carry | overflow), else: value)
    }

    /// (value + m·p) / 2^256 for the m that makes it whole: at most p, congruent to value / 2^256.
    @inline(__always)
    static func folded(_ value: UInt256) -> UInt256 { foldedWord(foldedWord(foldedWord(foldedWord(value)))) }

    /// (value + m·p) / 2^64, where m is the lowest word since p is -1 modulo 2^64.
    ///
    /// Of m·p nothing needs a multiplication: m·2^256 - m·2^224 - m·2^96 + m·2^64, its -m used up by the
    /// lowest word. The result is below 2^192 + p, so the carries of the two chains cancel.
    @inline(__always)
    private static func foldedWord(_ value: UInt256) -> UInt256 {
        let m = value.w0
        let low = m &<< 32
        let high = m &>> 32
        let (less, _) = UInt256(value.w1, value.w2, value.w3, m).subtracting(UInt256(low, high, low, high))
        return less.adding(UInt256(m, 0, 0, 0)).sum
    }
}
