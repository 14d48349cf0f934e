extension Scalar {
    /// (1/a)·2^256, the inverse in Montgomery form, and 0 for 0: a to the power n - 2.
    ///
    /// The exponent is public, so one chain serves every a: from the top it has 31 ones and a zero, 96 ones,
    /// and 128 bits without a pattern, taken four at a time.
    @inline(never)
    package func invertedInMontgomeryForm() -> Scalar {
        let base = inMontgomeryForm
        return unsafe withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 16) { powers in
            unsafe powers.initialize(repeating: base)
            for exponent in 2..<16 {
                unsafe powers[exponent] = Self.montgomeryProduct(powers[exponent - 1], base)
            }
            let ones4 = unsafe powers[15]
            let ones8 = ones4.squared(4).multiplied(ones4)
            let ones16 = ones8.squared(8).multiplied(ones8)
            let ones24 = ones16.squared(8).multiplied(ones8)
            let ones28 = ones24.squared(4).multiplied(ones4)
            let ones31 = unsafe ones28.squared(3).multiplied(powers[7])
            let ones32 = ones31.squared(1).multiplied(base)
            var power = ones31.squared(33).multiplied(ones32)
            for _ in 0..<2 { power = power.squared(32).multiplied(ones32) }
            for word in [Self.order.w1, Self.order.w0 - 2] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    power = power.squared(4)
                    let digit = Int(word >> shift & 15)
                    if digit > 0 { power = unsafe power.multiplied(powers[digit]) }
                }
            }
            unsafe powers.update(repeating: .one)
            return power
        }
    }

    @inline(__always)
    private func multiplied(_ other: Scalar) -> Scalar { Self.montgomeryProduct(self, other) }

    @inline(__always)
    private func squared(_ count: Int) -> Scalar {
        var power = self
        for _ in 0..<count { power = Self.montgomeryProduct(power, power) }
        return power
    }
}
