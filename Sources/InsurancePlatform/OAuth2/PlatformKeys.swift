import RequestSigning
import Synchronization

/// The authorization server's signing keys, fetched when they are needed.
///
/// A key that is not known makes them be fetched anew, at most once a minute: that is how a server's new key
/// becomes known, and how a made-up `kid` costs nobody anything. After an hour they are fetched anew in any
/// case, so that a withdrawn key is trusted no longer; a day-old set is trusted by nobody.
public final class PlatformKeys: Sendable {
    private struct State {
        var keys: [VerifyingKey] = []
        var fetchedAt: Int64?
        var triedAt: Int64?
    }

    static let pause: Int64 = 60_000
    static let freshness: Int64 = 3_600_000
    static let lifetime: Int64 = 24 * 3_600_000
    private static let most = 64

    private let state = Mutex(State())
    private let fetch: @Sendable () async throws(TokenFailure) -> [UInt8]

    /// - Parameter fetch: answers the bytes of the JWK set (RFC 7517 §5).
    public init(fetch: @escaping @Sendable () async throws(TokenFailure) -> [UInt8]) { self.fetch = fetch }

    /// Throws `key_unknown`, or why the keys can't be fetched.
    func key(id: String?, _ algorithm: VerifyingKey.Algorithm, now: Int64) async throws(TokenFailure)
        -> VerifyingKey
    {
        let (known, isDue) = state.withLock { state in
            let age = state.fetchedAt.map { now - $0 } ?? .max
            let found = age < Self.lifetime ? Self.find(state.keys, id, algorithm) : nil
            let mayFetch = state.triedAt.map { now - $0 >= Self.pause } ?? true
            let isDue = mayFetch && (found == nil || age >= Self.freshness)
            if isDue { state.triedAt = now }
            return (found, isDue)
        }
        guard isDue else {
            guard let known else {
                throw TokenFailure(.keyUnknown, "the id_token's key is not in the server's set")
            }
            return known
        }
        do throws(TokenFailure) {
            let keys = try Self.read(try await fetch())
            state.withLock { state in
                state.keys = keys
                state.fetchedAt = now
            }
            guard let found = Self.find(keys, id, algorithm) else {
                throw TokenFailure(.keyUnknown, "the id_token's key is not in the server's set")
            }
            return found
        } catch {
            // An unreachable set is no reason to doubt a key of an hour ago; a set without the key is.
            if let known, error.code != .keyUnknown { return known }
            throw error
        }
    }

    private static func find(_ keys: [VerifyingKey], _ id: String?, _ algorithm: VerifyingKey.Algorithm)
        -> VerifyingKey?
    {
        let candidates = keys.filter { $0.algorithm == algorithm && (id == nil || $0.id == id) }
        // Without a kid the choice must be no choice; with one, a set that names two is broken.
        return candidates.count == 1 ? candidates[0] : nil
    }

    private static func read(_ bytes: [UInt8]) throws(TokenFailure) -> [VerifyingKey] {
        guard let set = try? JSONDocument(parsing: bytes), let keys = set["keys"], keys.kind == .array else {
            throw TokenFailure(.unreadableAnswer, "the server's keys are not a JWK set")
        }
        return keys.elements.prefix(most).compactMap { VerifyingKey($0) }
    }
}
