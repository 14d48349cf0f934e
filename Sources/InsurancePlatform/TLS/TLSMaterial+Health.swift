extension TLSMaterial {
    /// How long the material still holds, and whether newer files are refused.
    public struct Health: Sendable, Hashable {
        /// Days ahead of an end from which on it is a warning.
        public static let warningDays = 30

        public let generation: Int
        /// Whole days until the own certificate or one of its intermediates ends; negative after it.
        public let leafDays: Int?
        /// Whole days until the first of the roots ends.
        public let rootsDays: Int?
        /// Why the files as they lie there don't count.
        public let problem: TLSMaterialError?

        init(_ pair: Pair, problem: TLSMaterialError?, now: Int64) {
            generation = pair.generation
            leafDays = pair.leafNotAfter.map { Self.days(until: $0, now) }
            rootsDays = pair.rootsNotAfter.map { Self.days(until: $0, now) }
            self.problem = problem
        }

        /// An end is near: time to warn.
        public var expiresSoon: Bool {
            [leafDays, rootsDays].contains { $0.map { $0 < Self.warningDays } ?? false }
        }

        /// The own certificate has ended: peers will refuse it.
        public var hasExpired: Bool { leafDays.map { $0 < 0 } ?? false }

        private static func days(until end: Int64, _ now: Int64) -> Int {
            Int(((end - now) / 1000) / 86_400) - (end < now ? 1 : 0)
        }
    }
}
