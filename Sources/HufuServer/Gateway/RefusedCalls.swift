import Foundation
import RequestSigning
import Synchronization

/// A call that was refused for its signature, as it came: personal values and all, so only in memory. Its key
/// is looked up when somebody asks: a revoked one doesn't live on here.
struct RefusedCall: Sendable {
    let id: String
    let at: Date
    let message: HTTPMessage
    /// Nil where the request shows none that is known.
    let profile: Profile?
    let keyID: String
    let institutionID: UUID
    let refusal: SigningRefusal
    let earlierUse: SignatureEvidence.EarlierUse?
    let noncesKnownSince: Int64
}

/// The latest refused calls whose key is known, so that their institution can ask why. Each institution has a
/// bound of its own, and when there are too many in all, whoever has the most gives way: nobody flushes
/// another's.
final class RefusedCalls: Sendable {
    private static let mostOfOne = 32
    private static let most = 256

    private let calls = Mutex<[UUID: [RefusedCall]]>([:])

    func keep(_ call: RefusedCall) {
        calls.withLock { calls in
            calls[call.institutionID, default: []].append(call)
            if calls[call.institutionID, default: []].count > Self.mostOfOne {
                calls[call.institutionID]?.removeFirst()
            } else if calls.values.reduce(0, { $0 + $1.count }) > Self.most {
                Self.drop(&calls)
            }
        }
    }

    /// Lets go of the oldest call of the institution that has the most; of several, of the one whose is older.
    private static func drop(_ calls: inout [UUID: [RefusedCall]]) {
        let largest = calls.max { a, b in
            guard a.value.count == b.value.count else { return a.value.count < b.value.count }
            return a.value.first.map(\.at) ?? .distantPast > b.value.first.map(\.at) ?? .distantPast
        }
        guard let id = largest?.key else { return }
        calls[id]?.removeFirst()
        if calls[id]?.isEmpty == true { calls[id] = nil }
    }

    /// An institution's own, newest first.
    func all(of institution: UUID) -> [RefusedCall] { calls.withLock { $0[institution] ?? [] }.reversed() }
}
