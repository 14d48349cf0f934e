import ShangMi
import Testing

@Suite("SM2: numbers modulo p and n")
struct SM2FieldTests {
    /// Where carries and reductions go wrong: ends of the range and words of only ones or zeros.
    private static func samples(below modulus: UInt256) -> [UInt256] {
        var values = [
            UInt256(0, 0, 0, 0), UInt256(1, 0, 0, 0), UInt256(2, 0, 0, 0), UInt256(.max, 0, 0, 0),
            UInt256(0, .max, 0, 0), UInt256(0, 0, .max, 0), UInt256(.max, .max, .max, 0), UInt256(0, 0, 0, 1),
            UInt256(0, 0xffff_ffff, .max, 0xffff_fffe_0000_0000), UInt256(1 << 32, 1 << 32, 1 << 32, 1 << 32),
        ]
        let top = Reference.words(modulus)
        for less in UInt64(1)...3 { values.append(UInt256(top[0] - less, top[1], top[2], top[3])) }
        var random = RandomBytes(seed: 32918)
        for _ in 0..<12 {
            values.append(UInt256(bigEndian: ([0x7f] + random.bytes(31)).span))
            values.append(UInt256(bigEndian: ([0xff, 0xff, 0xff, 0xfd] + random.bytes(28)).span))
        }
        return values
    }

    @Test("Sums, differences, products and squares modulo p are those of the textbook")
    func field() {
        let reference = Reference(modulus: FieldElement.modulus)
        let samples = Self.samples(below: FieldElement.modulus)
        for a in samples {
            let x = FieldElement(a)
            #expect(x.value == a)
            #expect(x.squared().value == reference.product(a, a))
            for b in samples {
                let y = FieldElement(b)
                #expect((x + y).value == reference.sum(a, b))
                #expect((x - y + y).value == a)
                #expect((x * y).value == reference.product(a, b))
            }
        }
    }

    @Test("A number times its inverse modulo p is 1, and 0 has the inverse 0")
    func fieldInverse() {
        for sample in Self.samples(below: FieldElement.modulus) {
            let x = FieldElement(sample)
            let expected = x.zeroMask == 0 ? UInt256(1, 0, 0, 0) : UInt256(0, 0, 0, 0)
            #expect((x * x.inverted()).value == expected)
        }
    }

    @Test("A square has a root, and of a number and its negative only one has, as p is 3 modulo 4")
    func squareRoot() throws {
        for sample in Self.samples(below: FieldElement.modulus) {
            let x = FieldElement(sample)
            let root = try #require(x.squared().squareRoot())
            #expect(root.squared().value == x.squared().value)
            if x.zeroMask == 0 { #expect((x.squareRoot() == nil) != ((-x).squareRoot() == nil)) }
        }
    }

    @Test("Sums, differences and products modulo n are those of the textbook")
    func scalars() {
        let reference = Reference(modulus: Scalar.order)
        let samples = Self.samples(below: Scalar.order)
        for a in samples {
            let x = Scalar(reducing: a)
            #expect(x.value == a)
            for b in samples {
                let y = Scalar(reducing: b)
                #expect((x + y).value == reference.sum(a, b))
                #expect((x - y + y).value == a)
                #expect((x * y).value == reference.product(a, b))
            }
        }
    }

    @Test("A number times its inverse modulo n is 1")
    func scalarInverse() {
        for sample in Self.samples(below: Scalar.order) {
            let x = Scalar(reducing: sample)
            let product = Scalar.montgomeryProduct(x.invertedInMontgomeryForm(), x)
            #expect(product.value == (x.zeroMask == 0 ? Scalar.one.value : x.value))
        }
    }

    @Test("Numbers of n and more are taken modulo n")
    func reduction() {
        #expect(Scalar(reducing: Scalar.order).zeroMask != 0)
        let highest = UInt256(.max, .max, .max, .max)
        let expected = Reference(modulus: Scalar.order).sum(highest, UInt256(0, 0, 0, 0))
        #expect(Scalar(reducing: highest).value == expected)
    }
}
