extension ShangMi {
    /// A known answer that didn't come out: the library, the compiler or the machine is broken, and nothing
    /// of it may be used.
    public struct SelfTestFailure: Error, Sendable, Hashable, CustomStringConvertible {
        /// What was tried, such as “SM4-GCM”.
        public let check: String

        public var description: String { "the self-test of \(check) failed" }
    }

    /// Runs every algorithm once on the standards' examples, on the path that this process uses; takes a few
    /// milliseconds. For a server to call when it starts, and to refuse service when it throws.
    public static func selfTest() throws(SelfTestFailure) {
        for check in SelfTestCheck.all where !check.passes() { throw SelfTestFailure(check: check.name) }
    }
}

/// One known answer.
struct SelfTestCheck: Sendable {
    let name: String
    let passes: @Sendable () -> Bool

    /// Each algorithm lists its own.
    static let all = SM3.selfTestChecks + SM4.selfTestChecks + SM2.selfTestChecks
}
