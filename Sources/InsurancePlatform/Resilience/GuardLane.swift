import Synchronization

/// The breaker, the bulkhead and the counters of one class of calls.
final class GuardLane: Sendable {
    private struct State {
        var breaker: CircuitBreaker
        var metrics = PlatformMetrics.Lane()
    }

    private let limit: Int
    private let state: Mutex<State>

    init(_ policy: BreakerPolicy, limit: Int) {
        self.limit = limit
        state = Mutex(State(breaker: CircuitBreaker(policy)))
    }

    /// Lets a call in, or says why not. What is let in must be let out.
    func enter(now: Int64) throws(PlatformFailure) -> CircuitBreaker.Permit {
        let refusal: Result<CircuitBreaker.Permit, PlatformFailure> = state.withLock { state in
            if state.metrics.inFlight >= limit {
                state.metrics.fail(.overloaded)
                return .failure(.notSent(.overloaded, detail: "\(limit) calls of this class are under way"))
            }
            guard let permit = state.breaker.admit(now: now) else {
                state.metrics.fail(.circuitOpen)
                return .failure(.notSent(.circuitOpen, detail: "the platform failed too often just now"))
            }
            state.metrics.inFlight += 1
            return .success(permit)
        }
        return try refusal.get()
    }

    func leave(
        _ permit: CircuitBreaker.Permit, _ result: Result<PlatformAnswer, PlatformFailure>, began: Int64,
        now: Int64
    ) {
        state.withLock { state in
            state.metrics.inFlight -= 1
            state.metrics.latency.record(now - began)
            switch result {
            case .success(let answer):
                state.breaker.record(.healthy, permit, now: now)
                if answer.isSuccess { state.metrics.succeeded += 1 } else { state.metrics.refused += 1 }
            case .failure(let failure):
                state.breaker.record(failure.health, permit, now: now)
                state.metrics.fail(failure.reason)
            }
        }
    }

    func retried() { state.withLock { $0.metrics.retries += 1 } }

    var metrics: PlatformMetrics.Lane {
        state.withLock { state in
            var metrics = state.metrics
            metrics.phase = state.breaker.phase
            metrics.openings = state.breaker.openings
            return metrics
        }
    }
}
