import Synchronization

/// The calls that wait for their frames on one connection.
///
/// Each is resumed once: by its response, by the end of the connection, or by its caller who stops waiting.
final class FrameWaiters: Sendable {
    typealias Continuation = CheckedContinuation<Result<Frame, PlatformFailure>, Never>

    private struct Waiter {
        var continuation: Continuation
        var hasLeft = false
    }

    private struct State {
        var waiters: [UInt32: Waiter] = [:]
        var last: UInt32 = 0
        /// Why the connection ended: as it was told first, for a failed handshake is followed by a lost connection.
        var ending: (reason: PlatformFailure.Reason, detail: String)?
        var isRetired = false
    }

    private let state = Mutex(State())

    var isOpen: Bool { state.withLock { $0.ending == nil && !$0.isRetired } }
    var isIdle: Bool { state.withLock { $0.waiters.isEmpty } }

    /// A sequence that nobody else waits for. 0 is the opening's.
    func reserve() -> UInt32 {
        state.withLock { state in
            repeat { state.last &+= 1 } while state.last == 0 || state.waiters[state.last] != nil
            return state.last
        }
    }

    /// False if the connection has ended; the continuation is resumed then.
    func enter(_ sequence: UInt32, _ continuation: Continuation) -> Bool {
        let ending = state.withLock { state in
            if state.ending == nil { state.waiters[sequence] = Waiter(continuation: continuation) }
            return state.ending
        }
        guard let ending else { return true }
        continuation.resume(returning: .failure(.notSent(ending.reason, detail: ending.detail)))
        return false
    }

    /// Whether the frame may leave: from then on its outcome is unknown. False if its caller stopped waiting.
    func release(_ sequence: UInt32) -> Bool {
        state.withLock { state in
            guard state.ending == nil, state.waiters[sequence] != nil else { return false }
            state.waiters[sequence]?.hasLeft = true
            return true
        }
    }

    func deliver(_ frame: Frame) {
        take(frame.sequence)?.continuation.resume(returning: .success(frame))
    }

    func fail(_ sequence: UInt32, _ reason: PlatformFailure.Reason, _ detail: String) {
        guard let waiter = take(sequence) else { return }
        waiter.continuation.resume(returning: .failure(Self.failure(waiter, reason, detail)))
    }

    /// The connection has ended.
    func end(_ reason: PlatformFailure.Reason, _ detail: String) {
        let waiters = state.withLock { state in
            if state.ending == nil { state.ending = (reason, detail) }
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters {
            waiter.continuation.resume(returning: .failure(Self.failure(waiter, reason, detail)))
        }
    }

    /// No more calls are taken; those that wait go on.
    func retire() { state.withLock { $0.isRetired = true } }

    var isRetired: Bool { state.withLock { $0.isRetired } }

    private func take(_ sequence: UInt32) -> Waiter? {
        state.withLock { $0.waiters.removeValue(forKey: sequence) }
    }

    private static func failure(
        _ waiter: Waiter, _ reason: PlatformFailure.Reason, _ detail: String
    ) -> PlatformFailure {
        waiter.hasLeft ? .unknown(reason, detail: detail) : .notSent(reason, detail: detail)
    }
}
