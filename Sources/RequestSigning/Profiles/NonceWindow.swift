import Synchronization

/// The nonces that were used and may not be used again, in memory.
///
/// Thread-safe: of any number of racing calls with one nonce exactly one is admitted. A nonce takes a keyed
/// 8-byte fingerprint; fingerprints lie in slots by the minute in which they expire, and a slot is let go as
/// a whole. A false alarm needs two equal fingerprints: fewer than one in 10¹¹ calls at the standard
/// capacity.
public final class NonceWindow: Sendable {
    public enum Admission: String, Sendable, Hashable, CaseIterable {
        case admitted, replayed
        /// The first use was none of this window's, but one that it was told of (``load(_:knownSince:now:)``).
        case replayedElsewhere
        /// There is no room for another nonce, or the clock has jumped by more than the window's lifetime.
        case full
        /// The request was stamped when this window didn't yet know which nonces are used.
        case unknown

        /// `nonce_replayed`, `nonce_window_full` or `retry_with_new_timestamp`; nil for what is admitted.
        public var refusal: SigningRefusal? {
            switch self {
            case .admitted: nil
            case .replayed, .replayedElsewhere:
                SigningRefusal(
                    .nonceReplayed,
                    "The nonce, or the signature where there is none, was used before with this key.")
            case .full:
                SigningRefusal(.nonceWindowFull, "Too many calls to remember their nonces; retry later.")
            case .unknown:
                SigningRefusal(
                    .retryWithNewTimestamp,
                    "The server has restarted since the request was signed: sign it afresh.")
            }
        }
    }

    /// The key of the fingerprints. Processes that exchange fingerprints share it; otherwise it is random.
    public struct Key: Sendable, Hashable {
        let low: UInt64
        let high: UInt64

        public init(_ low: UInt64, _ high: UInt64) {
            (self.low, self.high) = (low, high)
        }

        public static func random() -> Key {
            var generator = SystemRandomNumberGenerator()
            return Key(generator.next(), generator.next())
        }
    }

    /// How long a nonce can be remembered, in seconds; the longest ``Profile/nonceLifetime`` it serves.
    public let lifetime: Int
    /// How many nonces are remembered at the most.
    public let capacity: Int
    private let key: Key
    private let shards: [NonceShard]
    /// Unix seconds.
    private let horizon: Atomic<Int64>

    /// - Parameters:
    ///   - knownSince: the unix second since which this window hears of every nonce: when the process began
    ///     to admit calls. A request stamped at or before it is `unknown`. To cover clients whose clocks run
    ///     ahead as well, add what they may be ahead by; calls get through as soon as they are stamped later.
    ///   - callsPerSecond: what the capacity is made for; it is reached only after a whole lifetime of such
    ///     load.
    public init(
        key: Key, knownSince: Int64, lifetime: Int = 600, callsPerSecond: Int = 30_000
    ) {
        self.key = key
        self.lifetime = min(max(lifetime, 1), 86_400)
        let perSecond = min(max(callsPerSecond, 1), 1_000_000)
        capacity = perSecond * (self.lifetime + Int(NonceShard.slotSeconds))
        let lifetime = self.lifetime
        let share = capacity / NonceShard.count
        // Fingerprints spread evenly but not exactly: a shard gets what random spread may add.
        let limit = share + share / 16 + 64
        shards = (0..<NonceShard.count).map { _ in NonceShard(limit: limit, lifetime: lifetime) }
        horizon = Atomic(knownSince)
    }

    /// Requests stamped at or before this unix second are `unknown`.
    public var knownSince: Int64 { horizon.load(ordering: .acquiring) }

    /// How many fingerprints are held. What has expired is let go a part at a time, as new nonces come in.
    public var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// How many bytes the fingerprints' tables take.
    public var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

    /// Admits a nonce once.
    ///
    /// - Parameters:
    ///   - token: ``RequestVerifier/replayToken(of:in:)``.
    ///   - stamped: when the request was signed, in unix milliseconds.
    ///   - nonceLifetime: of the request's profile, in seconds; counted from now.
    ///   - now: unix milliseconds.
    public func admit(
        keyID: String, token: [UInt8], stamped: Int64, nonceLifetime: Int, now: Int64
    ) -> Admission {
        admit(
            fingerprint(keyID: keyID, token: token), stamped: stamped, nonceLifetime: nonceLifetime, now: now)
    }

    /// The same by the nonce's ``fingerprint(keyID:token:)``, for who keeps that as well.
    public func admit(
        _ fingerprint: UInt64, stamped: Int64, nonceLifetime: Int, now: Int64
    ) -> Admission {
        if UnixTime.seconds(stamped) <= knownSince { return .unknown }
        guard (0...lifetime).contains(nonceLifetime) else { return .full }
        let now = UnixTime.seconds(now)
        return admit(fingerprint, expires: now &+ Int64(nonceLifetime), now: now)
    }

    /// The same for a request that has been verified.
    public func admit(_ call: VerifiedCall, token: [UInt8], now: Int64) -> Admission {
        admit(
            keyID: call.keyID, token: token, stamped: call.time, nonceLifetime: call.profile.nonceLifetime,
            now: now)
    }

    /// What stands for a nonce: SipHash-2-4 of the key's id and the token.
    public func fingerprint(keyID: String, token: [UInt8]) -> UInt64 {
        var text: [UInt8] = []
        text.reserveCapacity(keyID.utf8.count + token.count + 1)
        text.append(contentsOf: keyID.utf8)
        // No text in UTF-8 holds this byte, so an id can't run into a token.
        text.append(0xFF)
        text.append(contentsOf: token)
        return SipHash.hash(text, key: (key.low, key.high))
    }

    /// Takes in nonces that were used elsewhere or before: fingerprints made with the same key.
    ///
    /// - Parameters:
    ///   - entries: fingerprints and the unix seconds through which they stay used.
    ///   - since: the unix second since which nothing is missing any more; it can only move back.
    ///   - now: unix seconds.
    /// - Returns: whether there was room for all; if not, the horizon stays.
    @discardableResult
    public func load(
        _ entries: some Sequence<(fingerprint: UInt64, expires: Int64)>, knownSince since: Int64, now: Int64
    ) -> Bool {
        var hasRoom = true
        for (fingerprint, expires) in entries where expires >= now {
            let expires = min(expires, now &+ Int64(lifetime))
            let shard = shards[NonceShard.index(of: fingerprint)]
            if shard.admit(fingerprint, expires: expires, now: now, isLoaded: true) == .full {
                hasRoom = false
            }
        }
        if hasRoom { horizon.min(since, ordering: .releasing) }
        return hasRoom
    }

    private func admit(_ fingerprint: UInt64, expires: Int64, now: Int64) -> Admission {
        shards[NonceShard.index(of: fingerprint)].admit(fingerprint, expires: expires, now: now)
    }
}

extension NonceWindow.Key: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "NonceWindow.Key(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
