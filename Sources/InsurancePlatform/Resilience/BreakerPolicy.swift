/// When a circuit opens, and how it closes again.
public struct BreakerPolicy: Sendable, Hashable {
    /// How many of the latest outcomes are looked at.
    public var window: Int
    /// Fewer outcomes than this never open it.
    public var minimum: Int
    /// The share of failures among them, in percent, from which it opens.
    public var failurePercent: Int
    /// How long it stays open at first, in milliseconds; doubled each time a probe fails.
    public var openFor: Int64
    public var longestOpen: Int64
    /// How many probes, one after the other, must succeed.
    public var probes: Int

    public static let standard = BreakerPolicy(
        window: 20, minimum: 10, failurePercent: 50, openFor: 2_000, longestOpen: 30_000, probes: 2)

    public init(
        window: Int, minimum: Int, failurePercent: Int, openFor: Int64, longestOpen: Int64, probes: Int
    ) {
        self.window = max(1, window)
        self.minimum = min(max(1, minimum), self.window)
        self.failurePercent = failurePercent
        self.openFor = openFor
        self.longestOpen = longestOpen
        self.probes = max(1, probes)
    }
}
