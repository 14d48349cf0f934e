import Crypto
import Foundation
import Synchronization

/// A login that a person has begun in a browser, until its answer comes back.
struct LoginAttempt: Sendable {
    let state: Redacted
    let nonce: Redacted
    /// PKCE's secret (RFC 7636 §4.1).
    let verifier: Redacted
    /// Unix milliseconds.
    let begunAt: Int64

    /// RFC 7636 §4.2, S256.
    var challenge: String {
        URLSafeBase64.encode(Data(SHA256.hash(data: Data(verifier.exposed.utf8))))
    }

    init(entropy: @Sendable (Int) -> [UInt8], now: Int64) {
        // 32 bytes each: 43 characters, as RFC 7636 asks at least.
        state = Redacted(URLSafeBase64.encode(entropy(32)))
        nonce = Redacted(URLSafeBase64.encode(entropy(32)))
        verifier = Redacted(URLSafeBase64.encode(entropy(32)))
        begunAt = now
    }
}

/// The logins that wait for their answer, in memory alone: a restart ends them, and the person begins anew.
final class PendingLogins: Sendable {
    /// More than one person begins at once by mistake only.
    static let limit = 16
    /// Milliseconds.
    static let lifetime: Int64 = 600_000

    private let waiting = Mutex<[LoginAttempt]>([])

    func add(_ attempt: LoginAttempt) {
        waiting.withLock { waiting in
            waiting.removeAll { attempt.begunAt - $0.begunAt >= Self.lifetime }
            if waiting.count == Self.limit { waiting.removeFirst() }
            waiting.append(attempt)
        }
    }

    /// Hands the attempt over, once: whatever becomes of it, its state is used up.
    func take(state: String, now: Int64) -> LoginAttempt? {
        let presented = Redacted(state)
        return waiting.withLock { waiting in
            // Every one is compared, in constant time: how long it takes tells nothing.
            let matches = waiting.indices.filter { waiting[$0].state == presented }
            guard let place = matches.first else { return nil }
            let attempt = waiting.remove(at: place)
            return now - attempt.begunAt < Self.lifetime ? attempt : nil
        }
    }
}
