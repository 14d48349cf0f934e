/// The state of one circuit: a pure machine, which is told the time.
///
/// Closed it counts; open it admits nothing; half open it admits one probe at a time, and closes after enough
/// of them succeeded. An outcome that belongs to an earlier phase doesn't count.
public struct CircuitBreaker: Sendable {
    public enum Phase: String, Sendable, Hashable, CaseIterable { case closed, open, halfOpen = "half_open" }

    /// What a call tells of the platform's health.
    public enum Outcome: Sendable, Hashable {
        case healthy, failed
        /// Neither: a token that was missing, a request that was bad.
        case neither
    }

    /// Belongs to one admitted call.
    public struct Permit: Sendable, Hashable {
        let generation: Int
        public let isProbe: Bool
    }

    private let policy: BreakerPolicy
    public private(set) var phase = Phase.closed
    /// How often it opened.
    public private(set) var openings = 0
    private var generation = 0
    /// Failures are true; the oldest is at `oldest` once the window is full.
    private var outcomes: [Bool] = []
    private var oldest = 0
    private var failures = 0
    private var opensUntil: Int64 = 0
    private var openFor: Int64
    private var probing = false
    private var probesLeft = 0

    public init(_ policy: BreakerPolicy) {
        self.policy = policy
        openFor = policy.openFor
        outcomes.reserveCapacity(policy.window)
    }

    /// Nil when the call must not be made now.
    public mutating func admit(now: Int64) -> Permit? {
        if phase == .open, now >= opensUntil {
            enter(.halfOpen)
            probesLeft = policy.probes
        }
        switch phase {
        case .closed: return Permit(generation: generation, isProbe: false)
        case .open: return nil
        case .halfOpen:
            if probing { return nil }
            probing = true
            return Permit(generation: generation, isProbe: true)
        }
    }

    public mutating func record(_ outcome: Outcome, _ permit: Permit, now: Int64) {
        guard permit.generation == generation else { return }
        switch (phase, outcome) {
        case (.closed, .neither), (.open, _): break
        case (.closed, _): count(outcome == .failed, now)
        case (.halfOpen, .neither): probing = false
        case (.halfOpen, .healthy):
            probing = false
            probesLeft -= 1
            if probesLeft == 0 {
                openFor = policy.openFor
                enter(.closed)
            }
        case (.halfOpen, .failed):
            openFor = min(openFor * 2, policy.longestOpen)
            open(now)
        }
    }

    private mutating func count(_ failed: Bool, _ now: Int64) {
        if outcomes.count < policy.window {
            outcomes.append(failed)
        } else {
            if outcomes[oldest] { failures -= 1 }
            outcomes[oldest] = failed
            oldest = (oldest + 1) % policy.window
        }
        if failed { failures += 1 }
        if failed, outcomes.count >= policy.minimum,
            failures * 100 >= outcomes.count * policy.failurePercent
        {
            open(now)
        }
    }

    private mutating func open(_ now: Int64) {
        enter(.open)
        openings += 1
        opensUntil = now + openFor
    }

    private mutating func enter(_ phase: Phase) {
        self.phase = phase
        generation += 1
        outcomes.removeAll(keepingCapacity: true)
        oldest = 0
        failures = 0
        probing = false
    }
}
