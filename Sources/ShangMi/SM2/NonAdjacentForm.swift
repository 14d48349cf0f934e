/// A public scalar as Σ digit[i]·2^i with odd digits of -15…15 and at least four zeros behind each of them.
///
/// Everything here takes a time that tells the scalar: it is for verification, where all is public.
struct NonAdjacentForm {
    /// One more than a scalar has bits, for the last carry.
    static let digitCount = 257
    /// Multiples P, 3P, … 15P.
    static let multipleCount = 8

    let digits: [Int8]

    init(_ scalar: Scalar) {
        var digits = [Int8](repeating: 0, count: Self.digitCount)
        let value = scalar.value
        var position = 0
        var carry = 0
        while position < Self.digitCount {
            guard position < 256 else {
                digits[256] = Int8(carry)
                break
            }
            guard Int(value.bit(position)) != carry else {
                position += 1
                continue
            }
            var window = carry
            for offset in 0..<min(5, 256 - position) { window += Int(value.bit(position + offset)) << offset }
            carry = window >> 4
            digits[position] = Int8(window - carry << 5)
            position += 5
        }
        self.digits = digits
    }

    /// k·P by a table of the odd multiples and 256 doublings.
    func multiply(_ point: AffinePoint) -> JacobianPoint {
        let first = JacobianPoint(point)
        let twice = JacobianPoint.double(first)
        var multiples = [first]
        for index in 1..<Self.multipleCount {
            multiples.append(JacobianPoint.addComplete(multiples[index - 1], twice))
        }
        var sum = JacobianPoint.infinity
        for digit in digits.reversed() {
            if sum.infinityMask == 0 { sum = JacobianPoint.double(sum) }
            guard digit != 0 else { continue }
            let multiple = multiples[Int(digit.magnitude) / 2]
            sum = sum.addingPublic(digit < 0 ? multiple.negated(.max) : multiple)
        }
        return sum
    }
}
