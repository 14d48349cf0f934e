/// What a ``GuardedPlatform`` allows, for each class of calls by itself.
public struct GuardPolicy: Sendable, Hashable {
    public var breaker: BreakerPolicy
    public var retry: RetryPolicy
    /// How many calls of a class may be under way at once.
    public var limits: [CallClass: Int]

    public static let standard = GuardPolicy()

    public init(
        breaker: BreakerPolicy = .standard, retry: RetryPolicy = .standard,
        limits: [CallClass: Int] = [.query: 256, .money: 256, .recovery: 64, .record: 256]
    ) {
        self.breaker = breaker
        self.retry = retry
        self.limits = limits
    }

    func limit(_ kind: CallClass) -> Int { limits[kind] ?? 64 }
}
