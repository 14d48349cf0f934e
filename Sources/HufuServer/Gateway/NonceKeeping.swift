import Foundation
import Logging
import RequestSigning
import ServiceLifecycle
import Storage

extension Gateway {
    private static let part = 50_000

    /// Takes up the nonces that were used before this process, so that no call has to be sent back for a new
    /// time.
    func loadNonces() async throws {
        var row = 0
        let now = authority.clock() / 1_000_000_000
        while true {
            let after = row
            let found = try await authority.store.read { try $0.nonces(after: after, limit: Self.part) }
            row = found.last
            let isLast = found.nonces.count < Self.part
            let known = isLast ? 0 : nonces.knownSince
            nonces.load(
                found.nonces.map { (fingerprint: $0.fingerprint, expires: $0.expires) }, knownSince: known,
                now: now)
            if isLast { return }
        }
    }

    /// Takes away the stored nonces that no call can use any more.
    func removeOldNonces() async throws {
        let now = authority.clock() / 1_000_000_000
        while try await authority.store.write({
            try $0.removeNonces(expiredBefore: now, limit: Self.part)
        }) == Self.part, !Task.isCancelled {}
    }
}
