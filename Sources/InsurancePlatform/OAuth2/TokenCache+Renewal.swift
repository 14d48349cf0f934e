public import Foundation
import Synchronization

extension TokenCache {
    /// How long a replica may take for a renewal, in milliseconds: longer than the exchanges with the server.
    static let leaseLength: Int64 = 40_000
    private static let leasePoll = Duration.milliseconds(250)
    /// As long as a lease lasts, and a little more.
    private static let leasePolls = 170

    /// The stored token where another replica renewed it, else one from the server. Among replicas the store's
    /// lease lets one ask.
    ///
    /// - Parameter known: the generation that the renewal was begun for.
    func renewed(since known: Int64?) async throws(TokenFailure) -> Held {
        for _ in 0..<Self.leasePolls {
            if let stored = try await stored(since: known) { return stored }
            let now = clock()
            let isOurs = try await asking { try await self.store.lease(now, now + Self.leaseLength) }
            if isOurs {
                let result: Result<Held, TokenFailure>
                do throws(TokenFailure) {
                    result = .success(try await renewedUnderLease(since: known))
                } catch {
                    result = .failure(error)
                }
                // A lease that can't be given back ends by itself.
                try? await store.releaseLease()
                return try result.get()
            }
            try? await Task.sleep(for: Self.leasePoll)
        }
        throw TokenFailure(.storageFailed, "another replica holds the lease and does not renew the token")
    }

    /// What is in the store, where it is another than the known one and good now: by another replica, or by a
    /// login here.
    func stored(since known: Int64?) async throws(TokenFailure) -> Held? {
        usable(try await asking { try await self.store.load() }, since: known)
    }

    private func usable(_ found: TokenStore.Stored, since known: Int64?) -> Held? {
        guard let sealed = found.sealed, found.generation != known,
            let token = try? PlatformToken(opening: sealed, under: key, site: site),
            clock() < token.expiresAt - Self.margin, token.access != state.withLock({ $0.rejected })
        else { return nil }
        return Held(token: token, generation: found.generation)
    }

    private func renewedUnderLease(since known: Int64?) async throws(TokenFailure) -> Held {
        // Once more: it may have been renewed between the look and the lease.
        let newest = try await asking { try await self.store.load() }
        if let stored = usable(newest, since: known) { return stored }
        let (held, dead) = state.withLock { ($0.held, $0.deadGeneration) }
        if dead == newest.generation {
            throw TokenFailure(.loginNeeded, "the server takes the refresh token no longer")
        }
        var token = held?.token
        // One that could not be written is newer than the row of its generation.
        let isNewest = held.map { !$0.isSaved && $0.generation == newest.generation } ?? false
        if let sealed = newest.sealed, !isNewest {
            token = try PlatformToken(opening: sealed, under: key, site: site)
        }
        let fresh: PlatformToken
        do throws(TokenFailure) {
            fresh = try await renew(token)
        } catch {
            if error.code == .loginNeeded {
                state.withLock { $0.deadGeneration = newest.generation }
            }
            throw error
        }
        state.withLock { $0.renewals += 1 }
        return try await saved(fresh, replacing: newest.generation, since: known)
    }

    /// Writes the token before anybody gets it: its refresh token may be the only good one.
    private func saved(
        _ token: PlatformToken, replacing generation: Int64, since known: Int64?
    ) async throws(TokenFailure) -> Held {
        let sealed = try token.sealed(under: key, site: site)
        var generation = generation
        for attempt in 1...3 {
            do {
                if try await store.save(sealed, generation) {
                    return Held(token: token, generation: generation + 1)
                }
                // A login came meanwhile, or our lease ran out and another renewed: its token is newer.
                if let newer = try await stored(since: known) { return newer }
                generation = try await store.load().generation
            } catch {
                try? await Task.sleep(for: .milliseconds(100 * attempt))
            }
        }
        // It is good all the same until it ends; the status tells that a restart would lose it.
        return Held(token: token, generation: generation, isSaved: false)
    }

    private func asking<Value: Sendable>(_ work: () async throws -> Value) async throws(TokenFailure) -> Value
    {
        do { return try await work() } catch {
            throw TokenFailure(.storageFailed, "the store of the token failed")
        }
    }

    /// Takes over the token of a login: sealed and written, then in memory.
    ///
    /// - Parameter saving: writes it in the store's stead, as `TokenStore.save` does, so that it can share a
    ///   transaction with what else the login changes. What it throws is passed on, and nothing is taken over.
    public func adopt(
        _ token: PlatformToken,
        saving: (@Sendable (_ sealed: Data, _ replacing: Int64) async throws -> Bool)? = nil
    ) async throws {
        let sealed = try token.sealed(under: key, site: site)
        let save = saving ?? store.save
        for _ in 0..<5 {
            let generation = try await store.load().generation
            guard try await save(sealed, generation) else { continue }
            hold(Held(token: token, generation: generation + 1))
            return
        }
        throw TokenFailure(.storageFailed, "the stored token changes all the time")
    }
}
