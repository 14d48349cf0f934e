import RequestSigning
import Synchronization

/// The server's time as one client knows it: its own clock and what answers taught about the difference.
final class ServerClock: Sendable {
    private let offset = Mutex(ClockOffset())
    /// Unix milliseconds by the own clock.
    let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// What the client adds to its own clock, in milliseconds.
    var correction: Int64 { offset.withLock { $0.milliseconds } }

    /// One moment by the own clock, and what the server's clock shows then.
    func reading() -> (own: Int64, server: Int64) {
        let own = now()
        return (own, offset.withLock { $0.serverTime(at: own) })
    }

    func learn(date: String, sent: Int64, received: Int64) -> ClockOffset.Lesson {
        offset.withLock { $0.learn(date: date, sent: sent, received: received) }
    }
}
