/// Multiplication in GHASH's field with the processor's integer multiplier, in constant time.
///
/// Numbers are the blocks read as big-endian, so bits lie in reverse; a product stands for a·b·x^-128 with
/// one factor doubled before, which takes the place of turning it back (RFC 8452, appendix A).
enum GHASHProduct {
    /// Three times five words: the lower half of H, the upper, and their sum, each in five parts.
    static let factorByteCount = 15 * 8

    /// Every fifth bit. Products of two numbers with four zeros between their bits carry nothing into the
    /// next bit that counts: 13 ones at most come together, which is less than 2^5.
    private static let comb: UInt64 = 0x1084_2108_4210_8421

    static func number(_ block: SIMD16<UInt8>) -> SIMD2<UInt64> {
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        return SIMD2(halves[1].bigEndian, halves[0].bigEndian)
    }

    static func block(_ number: SIMD2<UInt64>) -> SIMD16<UInt8> {
        unsafe unsafeBitCast(SIMD2(number[1].bigEndian, number[0].bigEndian), to: SIMD16<UInt8>.self)
    }

    static func prepare(_ h: SIMD16<UInt8>, into factor: UnsafeMutableBufferPointer<UInt64>) {
        let h = number(h)
        let top = 0 &- (h[1] &>> 63)
        let low = h[0] &<< 1 ^ top & 1
        let high = (h[1] &<< 1 | h[0] &>> 63) ^ top & 0xc200_0000_0000_0000
        for part in 0..<5 {
            let comb = comb &<< UInt64(truncatingIfNeeded: part)
            unsafe factor[part] = low & comb
            unsafe factor[5 + part] = high & comb
            unsafe factor[10 + part] = (low ^ high) & comb
        }
    }

    @inline(never)
    static func multiply(_ a: SIMD2<UInt64>, _ factor: UnsafePointer<UInt64>) -> SIMD2<UInt64> {
        let low = unsafe product(a[0], factor)
        let high = unsafe product(a[1], factor + 5)
        let middle = unsafe product(a[0] ^ a[1], factor + 10)
        let across = (low: middle.low ^ low.low ^ high.low, high: middle.high ^ low.high ^ high.high)
        return reduced(low.low, low.high ^ across.low, high.low ^ across.high, high.high)
    }

    /// 64 × 64 bits without carries, one factor cut into its five parts.
    @inline(__always)
    private static func product(
        _ a: UInt64, _ b: UnsafePointer<UInt64>
    ) -> (low: UInt64, high: UInt64) {
        let (a0, a1, a2) = (a & comb, a & comb &<< 1, a & comb &<< 2)
        let (a3, a4) = (a & comb &<< 3, a & comb &<< 4)
        let (b0, b1, b2, b3, b4) = unsafe (b[0], b[1], b[2], b[3], b[4])
        // The sums of those products whose bits that count are the same.
        let s0 = sum(a0, b0, a1, b4, a2, b3, a3, b2, a4, b1)
        let s1 = sum(a0, b1, a1, b0, a2, b4, a3, b3, a4, b2)
        let s2 = sum(a0, b2, a1, b1, a2, b0, a3, b4, a4, b3)
        let s3 = sum(a0, b3, a1, b2, a2, b1, a3, b0, a4, b4)
        let s4 = sum(a0, b4, a1, b3, a2, b2, a3, b1, a4, b0)
        let low = s0.low & comb | s1.low & comb &<< 1 | s2.low & comb &<< 2 | s3.low & comb &<< 3
        // 64 is 4 modulo 5, so the upper half's bits that count lie one higher.
        let high = s0.high & comb &<< 1 | s1.high & comb &<< 2 | s2.high & comb &<< 3 | s3.high & comb &<< 4
        return (low | s4.low & comb &<< 4, high | s4.high & comb)
    }

    @inline(__always)
    private static func sum(
        _ a0: UInt64, _ b0: UInt64, _ a1: UInt64, _ b1: UInt64, _ a2: UInt64, _ b2: UInt64,
        _ a3: UInt64, _ b3: UInt64, _ a4: UInt64, _ b4: UInt64
    ) -> (low: UInt64, high: UInt64) {
        let (p, q, r) = (
            a0.multipliedFullWidth(by: b0), a1.multipliedFullWidth(by: b1), a2.multipliedFullWidth(by: b2)
        )
        let (s, t) = (a3.multipliedFullWidth(by: b3), a4.multipliedFullWidth(by: b4))
        return (p.low ^ q.low ^ r.low ^ s.low ^ t.low, p.high ^ q.high ^ r.high ^ s.high ^ t.high)
    }

    /// 256 bits, from the lowest word, over x^128 + x^127 + x^126 + x^121 + 1: the two lowest words are
    /// cancelled with multiples of it.
    @inline(__always)
    private static func reduced(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) -> SIMD2<UInt64> {
        let v1 = w1 ^ w0 &<< 63 ^ w0 &<< 62 ^ w0 &<< 57
        let v2 = w2 ^ w0 ^ w0 &>> 1 ^ w0 &>> 2 ^ w0 &>> 7
        let u2 = v2 ^ v1 &<< 63 ^ v1 &<< 62 ^ v1 &<< 57
        let u3 = w3 ^ v1 ^ v1 &>> 1 ^ v1 &>> 2 ^ v1 &>> 7
        return SIMD2(u2, u3)
    }
}
