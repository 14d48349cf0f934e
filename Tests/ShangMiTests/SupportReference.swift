import ShangMi

/// Sums and products by adding and doubling bit by bit, with nothing of the library's arithmetic.
struct Reference {
    private let modulus: [UInt64]

    init(modulus: UInt256) { self.modulus = Self.words(modulus) }

    static func words(_ number: UInt256) -> [UInt64] {
        let bytes = number.bytes
        return (0..<4).map { word in
            bytes[(24 - 8 * word)..<(32 - 8 * word)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    func sum(_ a: UInt256, _ b: UInt256) -> UInt256 { number(sum(Self.words(a), Self.words(b))) }

    func product(_ a: UInt256, _ b: UInt256) -> UInt256 {
        let (x, y) = (Self.words(a), Self.words(b))
        var total: [UInt64] = [0, 0, 0, 0]
        for bit in (0..<256).reversed() {
            total = sum(total, total)
            if y[bit / 64] >> UInt64(bit % 64) & 1 == 1 { total = sum(total, x) }
        }
        return number(total)
    }

    private func number(_ words: [UInt64]) -> UInt256 { UInt256(words[0], words[1], words[2], words[3]) }

    private func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var (words, carry): ([UInt64], UInt64) = ([], 0)
        for index in 0..<4 {
            let (first, one) = a[index].addingReportingOverflow(b[index])
            let (second, two) = first.addingReportingOverflow(carry)
            words.append(second)
            carry = one || two ? 1 : 0
        }
        words.append(carry)
        while isAtLeastModulus(words) { words = lessModulus(words) }
        return Array(words.prefix(4))
    }

    private func isAtLeastModulus(_ words: [UInt64]) -> Bool {
        if words[4] > 0 { return true }
        for index in (0..<4).reversed() where words[index] != modulus[index] {
            return words[index] > modulus[index]
        }
        return true
    }

    private func lessModulus(_ words: [UInt64]) -> [UInt64] {
        var (result, borrow) = (words, false)
        for index in 0..<5 {
            let (first, one) = words[index].subtractingReportingOverflow(index < 4 ? modulus[index] : 0)
            let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
            result[index] = second
            borrow = one || two
        }
        return result
    }
}
