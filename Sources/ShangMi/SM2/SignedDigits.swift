/// A scalar as signed digits of `width` bits, the lowest first: k = Σ digit[i] · 2^(width·i), where every
/// digit is -2^(width-1)…2^(width-1).
///
/// Recoding takes the same steps for every scalar (Booth's method).
enum SignedDigits {
    /// How many digits of `width` bits a scalar of 256 bits has, with one bit to spare for the last carry.
    @inline(__always)
    static func count(width: Int) -> Int { 256 / width + 1 }

    /// - Parameter digits: takes `count(width:)` bytes, each a magnitude with the sign in the highest bit.
    static func recode(_ scalar: Scalar, width: UInt64, into digits: UnsafeMutablePointer<UInt8>) {
        var rest = scalar.value
        var carried: UInt64 = 0
        for index in 0..<count(width: Int(width)) {
            // The digit's bits and, below them, the highest bit of the digit before.
            let bits = (rest.w0 & (1 &<< width &- 1)) &<< 1 | carried
            carried = rest.w0 &>> (width &- 1) & 1
            rest = rest.shiftedRight(width)
            unsafe digits[index] = digit(bits, width)
        }
    }

    /// Half of `width + 1` bits in two's complement, rounded up. Its machine code must not jump.
    @inline(never)
    private static func digit(_ bits: UInt64, _ width: UInt64) -> UInt8 {
        let sign = 0 &- (bits &>> width)
        let folded = bits ^ (sign & (2 &<< width &- 1))
        let magnitude = folded &>> 1 &+ (folded & 1)
        return UInt8(truncatingIfNeeded: magnitude | sign & 0x80)
    }
}
