import Synchronization

/// Moments of signing under one key, no millisecond twice where that matters: a `csb` signature has nothing but
/// its time to tell calls apart that differ in path or body alone, and each is admitted once.
package final class SigningTimes: Sendable {
    /// How many milliseconds a time may run ahead; a clock that was set back further is followed.
    private static let lead: Int64 = 1000

    private let last = Mutex<Int64>(.min)

    package init() {}

    /// The moment itself, or the millisecond behind the last one given; unix milliseconds.
    package func next(_ now: Int64, for signer: RequestSigner) -> Int64 {
        guard signer.profile == .csb, signer.options.resolution == .milliseconds else { return now }
        return last.withLock { last in
            let isTaken = now <= last && now > last &- Self.lead
            last = isTaken ? last + 1 : now
            return last
        }
    }
}
