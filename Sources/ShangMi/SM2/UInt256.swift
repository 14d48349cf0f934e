/// Four words, least significant first: what field elements, scalars and coordinates are kept in.
///
/// Every operation takes the same time whatever the values are. A mask is all ones for yes and zero for no.
package struct UInt256: Hashable, Sendable, BitwiseCopyable {
    var w0: UInt64
    var w1: UInt64
    var w2: UInt64
    var w3: UInt64

    @inline(__always)
    package init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3)
    }

    @inline(__always)
    static var zero: UInt256 { UInt256(0, 0, 0, 0) }

    /// The sum modulo 2^256 and its carry, 0 or 1.
    @inline(__always)
    func adding(_ other: UInt256) -> (sum: UInt256, carry: UInt64) {
        var carry: UInt64 = 0
        let s0 = w0.adding(other.w0, carry: &carry)
        let s1 = w1.adding(other.w1, carry: &carry)
        let s2 = w2.adding(other.w2, carry: &carry)
        let s3 = w3.adding(other.w3, carry: &carry)
        return (UInt256(s0, s1, s2, s3), carry)
    }

    /// The difference modulo 2^256, and 1 where nothing had to be borrowed, else 0.
    ///
    /// The complement is added, since that is what compiles to one chain of carries.
    @inline(__always)
    func subtracting(_ other: UInt256) -> (difference: UInt256, carry: UInt64) {
        var carry: UInt64 = 1
        let d0 = w0.adding(~other.w0, carry: &carry)
        let d1 = w1.adding(~other.w1, carry: &carry)
        let d2 = w2.adding(~other.w2, carry: &carry)
        let d3 = w3.adding(~other.w3, carry: &carry)
        return (UInt256(d0, d1, d2, d3), carry)
    }

    /// The value where `mask` is all ones, `other` where it is zero.
    @inline(__always)
    func selected(_ mask: UInt64, else other: UInt256) -> UInt256 {
        UInt256(
            other.w0 ^ (mask & (w0 ^ other.w0)), other.w1 ^ (mask & (w1 ^ other.w1)),
            other.w2 ^ (mask & (w2 ^ other.w2)), other.w3 ^ (mask & (w3 ^ other.w3)))
    }

    @inline(__always)
    func masked(_ mask: UInt64) -> UInt256 {
        UInt256(w0 & mask, w1 & mask, w2 & mask, w3 & mask)
    }

    @inline(__always)
    var zeroMask: UInt64 { (w0 | w1 | w2 | w3).zeroMask }

    @inline(__always)
    func equalMask(_ other: UInt256) -> UInt64 {
        ((w0 ^ other.w0) | (w1 ^ other.w1) | (w2 ^ other.w2) | (w3 ^ other.w3)).zeroMask
    }

    /// Is the value less than `bound`?
    @inline(__always)
    func lessMask(_ bound: UInt256) -> UInt64 { subtracting(bound).carry &- 1 }

    /// Shifted right by 1…63 bits.
    @inline(__always)
    func shiftedRight(_ count: UInt64) -> UInt256 {
        let rest = 64 &- count
        return UInt256(
            w0 &>> count | w1 &<< rest, w1 &>> count | w2 &<< rest, w2 &>> count | w3 &<< rest, w3 &>> count)
    }

    package static func == (a: UInt256, b: UInt256) -> Bool { a.equalMask(b) != 0 }

    /// One bit, 0 or 1; the position is public.
    func bit(_ position: Int) -> UInt64 {
        let word =
            switch position >> 6 {
            case 0: w0
            case 1: w1
            case 2: w2
            default: w3
            }
        return (word &>> UInt64(position & 63)) & 1
    }
}
