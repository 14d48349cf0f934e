import Synchronization

/// A value that is told once to whoever waits for it, or never will be.
final class Announcement<Value: Sendable>: Sendable {
    private enum State {
        case awaited([CheckedContinuation<Value, any Error>])
        case told(Result<Value, any Error>)
    }

    private let state = Mutex(State.awaited([]))

    var value: Value {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let told = state.withLock { state -> Result<Value, any Error>? in
                    switch state {
                    case .told(let result): return result
                    case .awaited(let waiting):
                        state = .awaited(waiting + [continuation])
                        return nil
                    }
                }
                if let told { continuation.resume(with: told) }
            }
        }
    }

    /// Only the first result counts.
    func tell(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard case .awaited(let waiting) = state else { return [] }
            state = .told(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
