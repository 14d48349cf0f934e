extension FieldElement {
    @inline(__always)
    package func squared() -> FieldElement { Self.square(self) }

    /// Squared `count` times, which is public.
    @inline(__always)
    func squared(_ count: Int) -> FieldElement {
        var power = self
        for _ in 0..<count { power = Self.square(power) }
        return power
    }

    /// 1/a, and 0 for 0: a to the power p - 2, by one chain of squarings for every a.
    ///
    /// From the top, p - 2 has 31 ones and a zero, 128 ones, 32 zeros, 32 + 30 ones, a zero and a one.
    @inline(never)
    package func inverted() -> FieldElement {
        let (ones30, ones31) = runsOfOnes()
        let ones32 = ones31.squared() * self
        var power = ones31.squared(33) * ones32
        for _ in 0..<3 { power = power.squared(32) * ones32 }
        power = power.squared(64) * ones32
        power = power.squared(30) * ones30
        return power.squared(2) * self
    }

    /// A square root where there is one, to the power (p + 1) / 4; variable only in its outcome.
    ///
    /// From the top, (p + 1) / 4 has 31 ones and a zero, 128 ones, 31 zeros and a one, then 62 zeros.
    package func squareRoot() -> FieldElement? {
        let (_, ones31) = runsOfOnes()
        let ones32 = ones31.squared() * self
        var power = ones31.squared(33) * ones32
        for _ in 0..<3 { power = power.squared(32) * ones32 }
        let root = (power.squared(32) * self).squared(62)
        return root.squared().montgomery.equalMask(montgomery) == 0 ? nil : root
    }

    /// a to the powers 2^30 - 1 and 2^31 - 1.
    @inline(__always)
    private func runsOfOnes() -> (FieldElement, FieldElement) {
        let ones2 = squared() * self
        let ones3 = ones2.squared() * self
        let ones6 = ones3.squared(3) * ones3
        let ones12 = ones6.squared(6) * ones6
        let ones15 = ones12.squared(3) * ones3
        let ones30 = ones15.squared(15) * ones15
        return (ones30, ones30.squared() * self)
    }
}
