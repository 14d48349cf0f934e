/// A platform behind a circuit breaker and a bulkhead for each class of calls, so that trouble with one class
/// cannot block another: recovery goes on while money calls are stopped. Queries, and nothing else, are
/// repeated.
public final class GuardedPlatform: Platform {
    private let base: any Platform
    private let retry: RetryPolicy
    private let lanes: [CallClass: GuardLane]
    private let clock: @Sendable () -> Int64
    private let pause: @Sendable (_ milliseconds: Int64) async -> Void

    /// - Parameters:
    ///   - clock: unix milliseconds.
    ///   - pause: waits before a query is repeated; the default waits a random part of the time, so that callers
    ///     who failed together don't come back together.
    public init(
        _ base: any Platform, policy: GuardPolicy = .standard, clock: @escaping @Sendable () -> Int64,
        pause: @escaping @Sendable (_ milliseconds: Int64) async -> Void = { milliseconds in
            try? await Task.sleep(for: .milliseconds(Int64.random(in: milliseconds / 2...milliseconds)))
        }
    ) {
        self.base = base
        self.clock = clock
        self.pause = pause
        retry = policy.retry
        lanes = Dictionary(
            uniqueKeysWithValues: CallClass.allCases.map {
                ($0, GuardLane(policy.breaker, limit: policy.limit($0)))
            })
    }

    public func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let kind = CallClass(infno: call.infno)
        guard let lane = lanes[kind] else { preconditionFailure("every class has its lane") }
        let attempts = kind == .query ? retry.attempts : 1
        var attempt = 1
        while true {
            do throws(PlatformFailure) {
                return try await attemptOnce(call, lane)
            } catch {
                guard attempt < attempts, error.isTransient, !Task.isCancelled else { throw error }
                lane.retried()
                await pause(retry.pause(after: attempt))
                attempt += 1
            }
        }
    }

    private func attemptOnce(
        _ call: PlatformCall, _ lane: GuardLane
    ) async throws(PlatformFailure) -> PlatformAnswer {
        let began = clock()
        let permit = try lane.enter(now: began)
        do throws(PlatformFailure) {
            let answer = try await base.carry(call)
            lane.leave(permit, .success(answer), began: began, now: clock())
            return answer
        } catch {
            lane.leave(permit, .failure(error), began: began, now: clock())
            throw error
        }
    }

    public var metrics: PlatformMetrics { PlatformMetrics(lanes: lanes.mapValues(\.metrics)) }
}
