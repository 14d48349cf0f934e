import AuditLog
import Synchronization

/// Paths as the log may hold them: the same few come again and again, and to look through one for personal values
/// costs more than to check a signature.
final class RedactedPaths: Sendable {
    private static let capacity = 512

    private let known = Mutex<[Substring: String]>([:])

    func redacted(_ path: Substring) -> String {
        if let text = known.withLock({ $0[path] }) { return text }
        let text = Redaction.standard.message(String(path))
        known.withLock { known in
            // Whoever sends ever new paths makes the others be looked through again.
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[Substring(String(path))] = text
        }
        return text
    }
}
