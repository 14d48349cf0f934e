/// When an open call is looked at again, and when the platform's silence counts as an answer.
public struct RecoverySchedule: Sendable, Hashable {
    /// The first pause, doubled at every further look, in milliseconds.
    public var firstPause: Int64
    public var longestPause: Int64
    /// How long a copy of a request may still be under way and be carried out late: the call's timeout, as long
    /// again for the token before it, and then the window in which its signature counts. Before that "no such
    /// settlement" proves nothing.
    public var quiet: Int64

    public static let standard = RecoverySchedule(
        firstPause: 1_000, longestPause: 60_000, quiet: 360_000)

    /// The usual pauses, with silence that counts from when no copy of a request is taken any more.
    ///
    /// - Parameters:
    ///   - window: for how long after it was signed the platform takes a request.
    ///   - call: how long a call may take, and getting a token before it.
    public init(window: Duration, call: Duration) {
        self = .standard
        quiet = Int64((window + call * 2) / .milliseconds(1))
    }

    public init(firstPause: Int64, longestPause: Int64, quiet: Int64) {
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.quiet = quiet
    }

    /// The moment to look next: never much later than the one from which silence counts.
    public func next(attempts: Int, silentFrom: Int64, now: Int64) -> Int64 {
        var pause = firstPause
        for _ in 0..<min(attempts, 40) where pause < longestPause { pause *= 2 }
        let moment = now + min(pause, longestPause)
        return now < silentFrom ? min(moment, silentFrom) : moment
    }
}
