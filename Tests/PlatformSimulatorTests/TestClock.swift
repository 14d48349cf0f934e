import Foundation
import Synchronization

/// The system's clock, which a test can move forward.
final class TestClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    /// Unix milliseconds.
    var milliseconds: @Sendable () -> Int64 {
        { [self] in Int64(Date().timeIntervalSince1970 * 1000) + ahead.withLock { $0 } }
    }

    func advance(by milliseconds: Int64) { ahead.withLock { $0 += milliseconds } }
}
