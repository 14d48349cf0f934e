public import Crypto
import Foundation
import Synchronization

/// The access token of one site, for however many callers.
///
/// While it is fresh, a call costs a lock and a look at the clock. From two minutes before its end (and a little
/// earlier, by chance, so that replicas don't all come at once) one task renews it while callers go on with the
/// old one. At the end callers wait for that one task. A renewal that fails fails those who wait for it and
/// nobody else: the next caller starts another, after a short pause.
///
/// The cache owns the token in memory; the store owns the sealed one, which counts where the two differ: another
/// replica may have renewed it.
public final class TokenCache: Sendable {
    struct Held: Sendable {
        var token: PlatformToken
        var generation: Int64
        var isSaved = true
    }

    typealias Flight = Task<Result<Held, TokenFailure>, Never>

    struct State: Sendable {
        /// The three that the fast path reads; the rest is for whoever comes late.
        var renewalAt = Int64.min
        var usableUntil = Int64.min
        var access = ""
        var held: Held?
        var heldAt = Int64.min
        /// The platform refused this one though its time had not come.
        var rejected: Redacted?
        /// The generation whose refresh token the server takes no longer.
        var deadGeneration: Int64?
        /// The one renewal there is; it takes itself away when it has landed.
        var flight: Flight?
        var failuresInARow = 0
        var notBefore = Int64.min
        var lastFailure: TokenFailure?
        var renewals = 0
        var failures = 0
    }

    let site: String
    let renew: @Sendable (PlatformToken?) async throws(TokenFailure) -> PlatformToken
    let store: TokenStore
    let key: SymmetricKey
    let clock: @Sendable () -> Int64
    let state = Mutex(State())
    private let random: @Sendable (ClosedRange<Int64>) -> Int64

    /// - Parameters:
    ///   - site: names the token in the store; part of what the seal protects.
    ///   - key: seals the stored token; 256 bits.
    ///   - clock: unix milliseconds.
    ///   - random: a number of the range, for the jitter.
    ///   - renew: asks the server, once. What it is given is the newest token known.
    public init(
        site: String, store: TokenStore, key: SymmetricKey, clock: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (ClosedRange<Int64>) -> Int64 = { Int64.random(in: $0) },
        renew: @escaping @Sendable (PlatformToken?) async throws(TokenFailure) -> PlatformToken
    ) {
        self.site = site
        self.store = store
        self.key = key
        self.clock = clock
        self.random = random
        self.renew = renew
    }

    public convenience init(
        site: String, client: OAuth2Client, store: TokenStore, key: SymmetricKey,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.init(site: site, store: store, key: key, clock: clock) {
            (token: PlatformToken?) async throws(TokenFailure) in try await client.renew(token)
        }
    }

    /// An access token that is good now. The caller must not keep it.
    ///
    /// A caller that is canceled while it waits still waits for the renewal, which has its own deadlines.
    public func token() async throws(TokenFailure) -> String {
        let now = clock()
        if let access = state.withLock({ now < $0.renewalAt ? $0.access : nil }) { return access }
        switch step(at: now) {
        case .use(let access): return access
        case .wait(let flight): return try await flight.value.get().token.access.exposed
        case .fail(let failure): throw failure
        }
    }

    /// The platform refused this token, though its time had not come: it was revoked. The next caller renews it.
    /// A token that was replaced meanwhile is left alone, so that a thousand refusals cost one renewal.
    public func reject(_ access: String) {
        let rejected = Redacted(access)
        state.withLock { state in
            guard state.held?.token.access == rejected else { return }
            state.rejected = rejected
            state.renewalAt = .min
            state.usableUntil = .min
            // A server whose fresh tokens are refused must not be asked at the pace of our calls.
            state.notBefore = max(state.notBefore, state.heldAt + Self.shortestLife)
        }
    }

    /// Takes over what is in the store, without a request: at the start, so that the status is true.
    public func resume() async throws(TokenFailure) {
        let known = state.withLock { $0.held?.generation }
        if let stored = try await stored(since: known) { hold(stored) }
    }

    public func status() -> TokenStatus {
        let now = clock()
        return state.withLock { state in
            let phase: TokenStatus.State =
                if state.held == nil {
                    .missing
                } else if now < state.renewalAt {
                    .fresh
                } else {
                    now < state.usableUntil ? .due : .expired
                }
            return TokenStatus(
                state: phase, expiresAt: state.held?.token.expiresAt,
                renewalAt: state.held == nil ? nil : max(state.renewalAt, 0),
                scopes: state.held?.token.scopes ?? [], isSaved: state.held?.isSaved ?? true,
                lastFailure: state.lastFailure, renewals: state.renewals, failures: state.failures)
        }
    }

    // MARK: One renewal at a time

    private enum Step {
        case use(String)
        case wait(Flight)
        case fail(TokenFailure)
    }

    /// Decides under one lock, so that of all who come at once one starts the renewal.
    private func step(at now: Int64) -> Step {
        state.withLock { state in
            if now < state.renewalAt { return .use(state.access) }
            let isUsable = now < state.usableUntil
            if isUsable, state.flight != nil || now < state.notBefore { return .use(state.access) }
            if let flight = state.flight { return .wait(flight) }
            if let failure = state.lastFailure, failure.isDefinite, now < state.notBefore {
                return .fail(failure)
            }
            let pause = state.notBefore > now ? min(state.notBefore - now, Self.longestPause) : 0
            // Detached: neither the first caller's cancellation nor its trace is that of the others.
            let known = state.held?.generation
            let flight = Flight.detached { await self.fly(after: pause, since: known) }
            state.flight = flight
            return isUsable ? .use(state.access) : .wait(flight)
        }
    }

    private func fly(after pause: Int64, since known: Int64?) async -> Result<Held, TokenFailure> {
        if pause > 0 { try? await Task.sleep(for: .milliseconds(pause)) }
        let result: Result<Held, TokenFailure>
        do throws(TokenFailure) {
            let held = try await renewed(since: known)
            hold(held)
            result = .success(held)
        } catch {
            result = .failure(error)
        }
        let now = clock()
        state.withLock { state in
            state.flight = nil
            guard case .failure(let failure) = result else { return }
            state.lastFailure = failure
            state.failures += 1
            state.failuresInARow += 1
            state.notBefore = now + Self.pause(after: failure, state.failuresInARow)
        }
        return result
    }

    /// Takes a token into memory, unless a newer one came by another way.
    func hold(_ held: Held) {
        let life = max(held.token.expiresAt - held.token.obtainedAt, 0)
        let lead = min(Self.lead, life / 3) + random(0...min(Self.jitter, life / 12))
        let now = clock()
        state.withLock { state in
            if let present = state.held, present.generation > held.generation { return }
            state.held = held
            state.heldAt = now
            state.access = held.token.access.exposed
            state.renewalAt = held.token.expiresAt - lead
            state.usableUntil = held.token.expiresAt - min(Self.margin, life / 10)
            state.rejected = nil
            state.deadGeneration = nil
            state.failuresInARow = 0
            state.lastFailure = nil
            state.notBefore = .min
        }
    }

    // MARK: Times, in milliseconds

    /// How long before its end a token is renewed; a third of its life for one that lives less than six minutes.
    static let lead: Int64 = 120_000
    static let jitter: Int64 = 30_000
    /// A token that ends on its way is as good as none.
    static let margin: Int64 = 5_000
    static let shortestLife: Int64 = 1_000
    static let longestPause: Int64 = 2_000

    /// After an accident callers wait the pause out; after the server's word they fail at once until it is over.
    private static func pause(after failure: TokenFailure, _ count: Int) -> Int64 {
        switch failure.code {
        case .loginNeeded: 5_000
        case _ where failure.isDefinite: 30_000
        default: min(100 << Int64(min(count, 8) - 1), longestPause)
        }
    }
}
