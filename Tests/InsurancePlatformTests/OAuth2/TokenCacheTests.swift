import Crypto
import Foundation
import InsurancePlatform
import Synchronization
import Testing

@Suite("The token cache", .timeLimit(.minutes(10)))
struct TokenCacheTests {
    /// A cache over a source of tokens that counts and may be told to fail or to wait.
    struct Fixture: Sendable {
        let clock: StandingClock
        let store: MemoryTokenStore
        let source: Source
        let cache: TokenCache
        static let key = SymmetricKey(data: Data(repeating: 7, count: 32))

        init(
            clock: StandingClock = StandingClock(), store: MemoryTokenStore = MemoryTokenStore(),
            source: Source = Source(), owner: String = "a", site: String = "site",
            jitter: @escaping @Sendable (ClosedRange<Int64>) -> Int64 = { $0.upperBound }
        ) {
            (self.clock, self.store, self.source) = (clock, store, source)
            cache = TokenCache(
                site: site, store: store.replica(owner), key: Self.key, clock: clock.now, random: jitter
            ) { (token: PlatformToken?) async throws(TokenFailure) in
                try await source.next(after: token, at: clock.now())
            }
        }
    }

    final class Source: Sendable {
        struct State {
            var requests = 0
            var failure: TokenFailure?
            var delay: Duration = .zero
            var seen: [String?] = []
        }

        let state = Mutex(State())
        var requests: Int { state.withLock { $0.requests } }

        func fail(_ failure: TokenFailure?) { state.withLock { $0.failure = failure } }

        func next(after token: PlatformToken?, at now: Int64) async throws(TokenFailure) -> PlatformToken {
            let (number, failure, delay) = state.withLock { state in
                state.requests += 1
                state.seen.append(token?.refresh?.exposed)
                return (state.requests, state.failure, state.delay)
            }
            try? await Task.sleep(for: delay)
            if let failure { throw failure }
            return PlatformToken(
                access: Redacted("access-\(number)"), refresh: Redacted("refresh-\(number)"), obtainedAt: now,
                expiresAt: now + 900_000, scopes: ["claim.write"])
        }
    }

    static func failure(_ cache: TokenCache) async -> TokenFailure? {
        do throws(TokenFailure) {
            _ = try await cache.token()
            return nil
        } catch {
            return error
        }
    }

    /// Waits for what happens behind the callers' back.
    static func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<2000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition())
    }

    @Test("Ten thousand callers at the moment of expiry cause one request, and all get its token")
    func singleFlight() async throws {
        let fixture = Fixture()
        #expect(try await fixture.cache.token() == "access-1")
        fixture.source.state.withLock { $0.delay = .milliseconds(100) }
        fixture.clock.advance(seconds: 900)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<10_000 { group.addTask { try await fixture.cache.token() } }
            return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(tokens == ["access-2": 10_000])
        #expect(fixture.source.requests == 2)
    }

    @Test("Ten thousand callers at expiry cause one request to a real authorization server")
    func singleFlightOverHTTPS() async throws {
        try await LoginScene.run { scene in
            let cache = TokenCache(
                site: "s", client: scene.client, store: MemoryTokenStore().replica("a"), key: Fixture.key,
                clock: scene.clock.now)
            let first = try await scene.logIn()
            try await cache.adopt(first)
            #expect(try await cache.token() == first.access.exposed)
            scene.server.change { $0.delay = .milliseconds(100) }
            scene.clock.advance(seconds: 900)
            let before = scene.server.requests("/token").count
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10_000 { group.addTask { try await cache.token() } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1 && !tokens.contains(first.access.exposed))
            #expect(scene.server.requests("/token").count == before + 1)
        }
    }

    @Test("It is renewed two minutes and the jitter before its end, while callers go on with the old one")
    func early() async throws {
        for (jitter, seconds) in [(false, 780), (true, 750)] {
            let fixture = Fixture(jitter: { jitter ? $0.upperBound : $0.lowerBound })
            #expect(try await fixture.cache.token() == "access-1")
            fixture.clock.advance(seconds: Int64(seconds - 1))
            #expect(try await fixture.cache.token() == "access-1")
            #expect(fixture.cache.status().state == .fresh && fixture.source.requests == 1)
            fixture.source.state.withLock { $0.delay = .milliseconds(50) }
            fixture.clock.advance(seconds: 1)
            for _ in 0..<100 { #expect(try await fixture.cache.token() == "access-1") }
            try await Self.eventually {
                fixture.cache.status().renewals == 2 && fixture.cache.status().state == .fresh
            }
            #expect(try await fixture.cache.token() == "access-2")
            #expect(fixture.source.requests == 2)
        }
    }

    @Test("A token that ends within seconds is as good as none")
    func margin() async throws {
        let fixture = Fixture()
        _ = try await fixture.cache.token()
        fixture.source.fail(TokenFailure(.serverError, "down"))
        fixture.clock.advance(seconds: 894)
        #expect(try await fixture.cache.token() == "access-1")
        try await Self.eventually { fixture.cache.status().failures == 1 }
        fixture.clock.advance(seconds: 1)
        #expect(await Self.failure(fixture.cache)?.code == .serverError)
    }

    @Test("A renewal that fails fails those who wait for it; the next caller starts another")
    func failures() async throws {
        let fixture = Fixture()
        fixture.source.fail(TokenFailure(.serverError, "down"))
        fixture.source.state.withLock { $0.delay = .milliseconds(100) }
        let codes = await withTaskGroup(of: TokenFailure.Code?.self) { group in
            for _ in 0..<100 { group.addTask { await Self.failure(fixture.cache)?.code } }
            return await group.reduce(into: Set<TokenFailure.Code?>()) { $0.insert($1) }
        }
        #expect(codes == [.serverError])
        #expect(fixture.source.requests == 1)
        fixture.source.fail(nil)
        #expect(try await fixture.cache.token() == "access-2")
        #expect(fixture.cache.status().lastFailure == nil)
    }

    @Test("After the server's own refusal callers fail at once for a while instead of asking again")
    func refusals() async throws {
        let fixture = Fixture()
        fixture.source.fail(TokenFailure(.refused, "invalid_client"))
        for _ in 0..<50 { #expect(await Self.failure(fixture.cache)?.code == .refused) }
        #expect(fixture.source.requests == 1)
        fixture.source.fail(nil)
        fixture.clock.advance(seconds: 30)
        #expect(try await fixture.cache.token() == "access-2")
    }

    @Test("A refresh token that is dead is not sent again, and a login brings everything back")
    func login() async throws {
        let fixture = Fixture()
        fixture.source.fail(TokenFailure(.loginNeeded, "gone"))
        #expect(await Self.failure(fixture.cache)?.code == .loginNeeded)
        for _ in 0..<3 {
            fixture.clock.advance(seconds: 10)
            #expect(await Self.failure(fixture.cache)?.code == .loginNeeded)
        }
        #expect(fixture.source.requests == 1)
        let now = fixture.clock.now()
        try await fixture.cache.adopt(
            PlatformToken(
                access: Redacted("by hand"), refresh: nil, obtainedAt: now, expiresAt: now + 900_000,
                scopes: []))
        #expect(try await fixture.cache.token() == "by hand")
    }

    @Test("A canceled caller takes nobody else's token away")
    func cancellation() async throws {
        let fixture = Fixture()
        fixture.source.state.withLock { $0.delay = .milliseconds(100) }
        let first = Task { try await fixture.cache.token() }
        try await Self.eventually { fixture.source.requests == 1 }
        first.cancel()
        #expect(try await fixture.cache.token() == "access-1")
        #expect(fixture.source.requests == 1)
    }

    @Test("A token that the platform refused is replaced once, however many calls it cost")
    func rejection() async throws {
        let fixture = Fixture()
        let revoked = try await fixture.cache.token()
        fixture.clock.advance(seconds: 60)
        fixture.cache.reject("another")
        #expect(try await fixture.cache.token() == revoked)
        fixture.cache.reject(revoked)
        #expect(try await fixture.cache.token() == "access-2")
        for _ in 0..<1000 { fixture.cache.reject(revoked) }
        #expect(try await fixture.cache.token() == "access-2")
        #expect(fixture.source.requests == 2)
    }

    @Test("A restart goes on with the sealed token, under the same key and for the same site only")
    func restart() async throws {
        let fixture = Fixture()
        _ = try await fixture.cache.token()
        let sealed = try #require(fixture.store.state.withLock { $0.stored.sealed })
        for secret in ["access-1", "refresh-1"] {
            #expect(sealed.range(of: Data(secret.utf8)) == nil)
        }
        let next = Fixture(clock: fixture.clock, store: fixture.store)
        try await next.cache.resume()
        #expect(next.cache.status().state == .fresh)
        #expect(try await next.cache.token() == "access-1")
        #expect(next.source.requests == 0)
        let elsewhere = Fixture(clock: fixture.clock, store: fixture.store, site: "other")
        #expect(await Self.failure(elsewhere.cache)?.code == .storageFailed)
        var changed = sealed
        changed[changed.count / 2] ^= 1
        #expect(throws: TokenFailure.self) {
            try PlatformToken(opening: changed, under: Fixture.key, site: "site")
        }
        fixture.clock.advance(seconds: 1000)
        _ = try await next.cache.token()
        #expect(next.source.state.withLock { $0.seen } == ["refresh-1"])
    }

    @Test("Of four replicas one asks the server; the others take its token from the store")
    func replicas() async throws {
        let (clock, store, source) = (StandingClock(), MemoryTokenStore(), Source())
        source.state.withLock { $0.delay = .milliseconds(100) }
        let caches = ["a", "b", "c", "d"].map { owner in
            Fixture(clock: clock, store: store, source: source, owner: owner).cache
        }
        for round in 1...2 {
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for cache in caches { for _ in 0..<25 { group.addTask { try await cache.token() } } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens == ["access-\(round)"])
            #expect(source.requests == round)
            #expect(store.state.withLock { $0.owner } == nil)
            clock.advance(seconds: 900)
        }
    }

    @Test("A replica that died with the lease holds the others up until it has run out")
    func abandonedLease() async throws {
        let fixture = Fixture()
        fixture.store.state.withLock { ($0.owner, $0.until) = ("dead", fixture.clock.now() + 40_000) }
        let waiting = Task { try await fixture.cache.token() }
        try await Task.sleep(for: .milliseconds(100))
        #expect(fixture.source.requests == 0)
        fixture.clock.advance(seconds: 40)
        #expect(try await waiting.value == "access-1")
    }

    @Test("A login that comes while a renewal is on its way wins")
    func loginDuringRenewal() async throws {
        let fixture = Fixture()
        fixture.source.state.withLock { $0.delay = .milliseconds(150) }
        let waiting = Task { try await fixture.cache.token() }
        try await Self.eventually { fixture.source.requests == 1 }
        let now = fixture.clock.now()
        try await fixture.cache.adopt(
            PlatformToken(
                access: Redacted("by hand"), refresh: nil, obtainedAt: now, expiresAt: now + 900_000,
                scopes: []))
        _ = try await waiting.value
        #expect(try await fixture.cache.token() == "by hand")
        #expect(fixture.store.state.withLock { $0.writes } == 1)
    }

    @Test(
        "A store that fails is told, and costs no request; a token whose writing fails is good but not saved")
    func brokenStore() async throws {
        let fixture = Fixture()
        fixture.store.state.withLock { $0.isBroken = true }
        #expect(await Self.failure(fixture.cache)?.code == .storageFailed)
        #expect(fixture.source.requests == 0)
        fixture.store.state.withLock { $0.isBroken = false }
        fixture.source.state.withLock { $0.delay = .milliseconds(100) }
        let waiting = Task { try await fixture.cache.token() }
        try await Self.eventually { fixture.source.requests == 1 }
        fixture.store.state.withLock { $0.isBroken = true }
        #expect(try await waiting.value == "access-1")
        #expect(fixture.cache.status().isSaved == false)
        #expect(try await fixture.cache.token() == "access-1")
        fixture.store.state.withLock { $0.isBroken = false }
        fixture.clock.advance(seconds: 900)
        #expect(try await fixture.cache.token() == "access-2")
        #expect(fixture.source.state.withLock { $0.seen } == [nil, "refresh-1"])
        #expect(fixture.cache.status().isSaved)
    }
}
