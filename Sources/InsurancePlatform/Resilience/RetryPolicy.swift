/// How queries are repeated; nothing else ever is.
public struct RetryPolicy: Sendable, Hashable {
    /// The first one included.
    public var attempts: Int
    /// The pause before the second attempt, in milliseconds; doubled before every further one.
    public var firstPause: Int64
    public var longestPause: Int64

    public static let standard = RetryPolicy(attempts: 3, firstPause: 100, longestPause: 2_000)
    public static let none = RetryPolicy(attempts: 1, firstPause: 0, longestPause: 0)

    public init(attempts: Int, firstPause: Int64, longestPause: Int64) {
        self.attempts = max(1, attempts)
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// - Parameter attempt: the one that failed, from 1.
    public func pause(after attempt: Int) -> Int64 {
        var pause = firstPause
        for _ in 1..<max(1, min(attempt, 40)) where pause < longestPause { pause *= 2 }
        return min(pause, longestPause)
    }
}
