import Synchronization

/// The sandbox's clock: the one it was given, set ahead or back by the control API and by the clock-skew fault.
final class SandboxTime: Sendable {
    private let clock: @Sendable () -> Int64
    private let shift = Mutex<Int64>(0)

    init(_ clock: @escaping @Sendable () -> Int64) { self.clock = clock }

    /// Unix milliseconds.
    var now: Int64 { clock() + shift.withLock { $0 } }

    /// Milliseconds by which the clock is ahead of the one it was given.
    var offset: Int64 {
        get { shift.withLock { $0 } }
        set { shift.withLock { $0 = newValue } }
    }
}
