internal import ShangMi

/// How often a derivation may go round: a forged file must not keep a reader busy for hours.
enum IterationCount {
    static func checked(_ count: Int) throws(PKCS12Error) -> Int {
        guard (1...PasswordDerivation.highestIterationCount).contains(count) else {
            throw .excessiveIterations
        }
        return count
    }
}
