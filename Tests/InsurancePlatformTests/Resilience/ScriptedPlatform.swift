import InsurancePlatform
import Synchronization

/// A peer at the seam that does what a test says, call by call, and counts.
final class ScriptedPlatform: Platform {
    private struct State {
        var results: [Result<PlatformAnswer, PlatformFailure>] = []
        var carried: [String] = []
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    static let answer = PlatformAnswer(infcode: 0, refMessageID: "R")

    /// What the next calls meet; afterwards all succeed.
    func script(_ results: Result<PlatformAnswer, PlatformFailure>...) {
        state.withLock { $0.results += results }
    }

    func fail(_ failure: PlatformFailure, times: Int) {
        state.withLock { $0.results += Array(repeating: .failure(failure), count: times) }
    }

    var carried: [String] { state.withLock { $0.carried } }

    /// Calls wait until they are let go.
    func hold() { state.withLock { $0.isHeld = true } }

    func letGo() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call.resume() }
    }

    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let result = state.withLock { state in
            state.carried.append(call.infno)
            return state.results.isEmpty ? .success(Self.answer) : state.results.removeFirst()
        }
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.isHeld { state.waiting.append(continuation) }
                return state.isHeld
            }
            if !waits { continuation.resume() }
        }
        return try result.get()
    }
}
