import Synchronization

/// A clock that stands until the test moves it.
final class StandingClock: Sendable {
    private let moment: Mutex<Int64>

    init(_ moment: Int64 = 1_800_000_000_000) { self.moment = Mutex(moment) }

    @Sendable func now() -> Int64 { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 += seconds * 1000 } }
}
