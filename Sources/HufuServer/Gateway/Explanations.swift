import AuditLog
import Dispatch
import RequestSigning
import Storage
import Synchronization

/// Explains refused calls, one at a time and on a thread of its own: a search tries a signature some thousand
/// times over.
final class Explanations: Sendable {
    /// A search in a longer body takes seconds.
    private static let largestBody = 32 * 1024
    /// Of the device's other keys so many are tried, the newest.
    static let mostOtherKeys = 8

    private let isBusy = Mutex(false)

    /// - Parameters:
    ///   - key: the one that the call names.
    ///   - others: what the device may have signed with instead.
    func explain(_ call: RefusedCall, key: DeviceKey?, others: [DeviceKey]) async throws -> JSON {
        guard call.message.body.count <= Self.largestBody else {
            throw InputError.tooLarge(limit: Self.largestBody)
        }
        let mayStart = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard mayStart else { throw InputError.rateLimited(retryAfterSeconds: 1) }
        defer { isBusy.withLock { $0 = false } }
        var evidence = SignatureEvidence()
        evidence.key = key?.verification
        evidence.otherKeys = others.map(\.verification)
        evidence.receivedAt = call.at.unixMilliseconds
        evidence.sentAt = SavedRequest(call.message).sentAt
        evidence.gbk = GBKText.bytes
        evidence.refusal = call.refusal
        evidence.earlierUse = call.earlierUse
        evidence.noncesKnownSince = call.noncesKnownSince
        let bytes = await withCheckedContinuation { [evidence] continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: SignatureExplanation(of: call.message, evidence: evidence).json)
            }
        }
        return try JSON(parsing: bytes)
    }
}
