import Foundation
import Synchronization

/// Token buckets: a key may spend `perMinute` on average and as much at once. Failed attempts cost more, so
/// that guessing is slow while honest traffic is not hindered.
///
/// Holds at most `capacity` keys: full buckets are forgotten first, for they say nothing.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var level: Double
        var at: Int64
    }

    private let capacity = 100_000
    private let perMinute: Double
    private let buckets = Mutex<[Key: Bucket]>([:])

    init(perMinute: Int) { self.perMinute = Double(perMinute) }

    /// Takes `cost` from the key's bucket. Throws how long to wait when there is not as much in it.
    func spend(_ cost: Double, _ key: Key, at nanoseconds: Int64) throws(InputError) {
        let wait: Double? = buckets.withLock { buckets in
            var bucket = refilled(buckets[key], at: nanoseconds)
            guard bucket.level >= cost else { return (cost - bucket.level) * 60 / perMinute }
            bucket.level -= cost
            if buckets.count >= capacity, buckets[key] == nil { forget(&buckets, at: nanoseconds) }
            buckets[key] = bucket
            return nil
        }
        if let wait { throw .rateLimited(retryAfterSeconds: max(1, Int(wait.rounded(.up)))) }
    }

    /// Charges for a failed attempt after the fact; the bucket may run into debt of one minute.
    func charge(_ cost: Double, _ key: Key, at nanoseconds: Int64) {
        buckets.withLock { buckets in
            var bucket = refilled(buckets[key], at: nanoseconds)
            bucket.level = max(-perMinute, bucket.level - cost)
            buckets[key] = bucket
        }
    }

    private func refilled(_ bucket: Bucket?, at nanoseconds: Int64) -> Bucket {
        guard let bucket else { return Bucket(level: perMinute, at: nanoseconds) }
        let minutes = Double(max(0, nanoseconds - bucket.at)) / 60e9
        return Bucket(level: min(perMinute, bucket.level + minutes * perMinute), at: nanoseconds)
    }

    private func forget(_ buckets: inout [Key: Bucket], at nanoseconds: Int64) {
        buckets = buckets.filter { refilled($0.value, at: nanoseconds).level < perMinute }
        // All of them in use: an attack. Forgetting any is better than growing without end.
        if buckets.count >= capacity { buckets.removeAll(keepingCapacity: true) }
    }
}
