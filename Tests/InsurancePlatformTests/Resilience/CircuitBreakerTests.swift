import InsurancePlatform
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private static let policy = BreakerPolicy(
        window: 10, minimum: 4, failurePercent: 50, openFor: 1_000, longestOpen: 3_000, probes: 2)

    /// A breaker by reference, so that it can stand in an expectation.
    private final class Circuit {
        private var breaker = CircuitBreaker(CircuitBreakerTests.policy)
        var phase: CircuitBreaker.Phase { breaker.phase }
        var openings: Int { breaker.openings }
        func admit(now: Int64) -> CircuitBreaker.Permit? { breaker.admit(now: now) }
        func record(_ outcome: CircuitBreaker.Outcome, _ permit: CircuitBreaker.Permit, now: Int64) {
            breaker.record(outcome, permit, now: now)
        }
    }

    private func opened() throws -> Circuit {
        let breaker = Circuit()
        for _ in 0..<4 {
            let permit = try #require(breaker.admit(now: 0))
            breaker.record(.failed, permit, now: 0)
        }
        #expect(breaker.phase == .open)
        return breaker
    }

    @Test("It opens at its share of failures, not before its least number of outcomes")
    func opens() throws {
        let breaker = Circuit()
        for outcome in [CircuitBreaker.Outcome.failed, .failed, .failed] {
            breaker.record(outcome, try #require(breaker.admit(now: 0)), now: 0)
        }
        #expect(breaker.phase == .closed)
        for _ in 0..<7 { breaker.record(.healthy, try #require(breaker.admit(now: 0)), now: 0) }
        for _ in 0..<4 { breaker.record(.failed, try #require(breaker.admit(now: 0)), now: 0) }
        #expect(breaker.phase == .closed, "4 of the latest 10")
        breaker.record(.failed, try #require(breaker.admit(now: 0)), now: 0)
        #expect(breaker.phase == .open && breaker.openings == 1)
        #expect(breaker.admit(now: 999) == nil)
    }

    @Test("What tells nothing of the platform's health counts neither way")
    func neither() throws {
        var breaker = Circuit()
        for _ in 0..<100 { breaker.record(.neither, try #require(breaker.admit(now: 0)), now: 0) }
        #expect(breaker.phase == .closed)
        breaker = try opened()
        let probe = try #require(breaker.admit(now: 1_000))
        breaker.record(.neither, probe, now: 1_000)
        #expect(breaker.phase == .halfOpen && breaker.admit(now: 1_000) != nil)
    }

    @Test("Half open it lets one probe pass at a time, and closes after enough of them")
    func probes() throws {
        let breaker = try opened()
        let first = try #require(breaker.admit(now: 1_000))
        #expect(first.isProbe && breaker.phase == .halfOpen && breaker.admit(now: 1_000) == nil)
        breaker.record(.healthy, first, now: 1_010)
        #expect(breaker.phase == .halfOpen)
        breaker.record(.healthy, try #require(breaker.admit(now: 1_020)), now: 1_030)
        #expect(breaker.phase == .closed)
        #expect(breaker.admit(now: 1_040)?.isProbe == false)
    }

    @Test("A probe that fails opens it for twice as long, up to the limit, until it was closed")
    func longer() throws {
        let breaker = try opened()
        var now: Int64 = 0
        for pause in [1_000, 2_000, 3_000, 3_000] as [Int64] {
            #expect(breaker.admit(now: now + pause - 1) == nil)
            now += pause
            breaker.record(.failed, try #require(breaker.admit(now: now)), now: now)
            #expect(breaker.phase == .open)
        }
        now += 3_000
        for _ in 0..<2 { breaker.record(.healthy, try #require(breaker.admit(now: now)), now: now) }
        for _ in 0..<4 { breaker.record(.failed, try #require(breaker.admit(now: now)), now: now) }
        #expect(breaker.admit(now: now + 1_000) != nil, "it begins with the first pause again")
    }

    @Test("An outcome of an earlier phase doesn't count")
    func stale() throws {
        let breaker = Circuit()
        let slow = try #require(breaker.admit(now: 0))
        for _ in 0..<4 { breaker.record(.failed, try #require(breaker.admit(now: 0)), now: 0) }
        breaker.record(.healthy, slow, now: 500)
        #expect(breaker.phase == .open)
        let probe = try #require(breaker.admit(now: 1_000))
        breaker.record(.failed, slow, now: 1_000)
        #expect(breaker.phase == .halfOpen)
        breaker.record(.healthy, probe, now: 1_000)
        #expect(breaker.admit(now: 1_000) != nil)
    }
}
