import Foundation
import RequestSigning
import Synchronization

/// A call that was refused for its signature, as it came: personal values and all, so only in memory.
struct RefusedCall: Sendable {
    let id: String
    let at: Date
    let message: HTTPMessage
    let profile: Profile
    let key: DeviceKey
    let refusal: SigningRefusal
    let noncesKnownSince: Int64
}

/// The latest refused calls whose key is known, so that their institution can ask why.
final class RefusedCalls: Sendable {
    private static let capacity = 256

    private let calls = Mutex<[RefusedCall]>([])

    func keep(_ call: RefusedCall) {
        calls.withLock { calls in
            if calls.count == Self.capacity { calls.removeFirst() }
            calls.append(call)
        }
    }

    /// An institution's own, newest first.
    func all(of institution: UUID) -> [RefusedCall] {
        calls.withLock { calls in calls.filter { $0.key.institutionID == institution }.reversed() }
    }
}
