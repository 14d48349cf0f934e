import HTTPTypes
import RequestSigning
import Synchronization

/// A request on its way to a connection, and whether it has left.
///
/// Exactly one of two things happens to it: the connection's handler releases it, or its caller abandons it. So
/// “not sent” is never said of a request that leaves a moment later.
final class OutgoingCall: Sendable {
    /// Names the call to the connection's handler, and never leaves the process.
    static let ticketField = "hufu-platform-ticket"

    private enum State {
        case waiting
        case left(isFirst: Bool)
        case abandoned
    }

    let message: HTTPMessage
    private let signature: PlatformSignature?
    private let clock: @Sendable () -> Int64
    private let state = Mutex(State.waiting)

    init(_ message: HTTPMessage, signature: PlatformSignature?, clock: @escaping @Sendable () -> Int64) {
        self.message = message
        self.signature = signature
        self.clock = clock
    }

    /// The message as it leaves, signed with the time of this moment; from now on its outcome is unknown.
    ///
    /// - Parameter isFirst: whether the connection has carried nothing before.
    func release(authority: String?, isFirst: Bool) throws(PlatformFailure) -> HTTPMessage {
        var message = message
        message.head.authority = authority
        let signed = try signature?.sign(message, now: clock()) ?? message
        let mayLeave = state.withLock { state in
            guard case .waiting = state else { return false }
            state = .left(isFirst: isFirst)
            return true
        }
        guard mayLeave else { throw .notSent(.timeout, detail: "its caller had stopped waiting") }
        return signed
    }

    enum Fate {
        case neverLeft
        case left(isFirst: Bool)
    }

    /// Says what became of it, and holds it back if nothing has.
    func abandon() -> Fate {
        state.withLock { state in
            guard case .left(let isFirst) = state else {
                state = .abandoned
                return .neverLeft
            }
            return .left(isFirst: isFirst)
        }
    }
}

/// The calls that wait for a connection, by their tickets.
final class OutgoingCalls: Sendable {
    private struct Waiting {
        var last: UInt64 = 0
        var calls: [String: OutgoingCall] = [:]
    }

    private let waiting = Mutex(Waiting())

    func enter(_ call: OutgoingCall) -> String {
        waiting.withLock { waiting in
            waiting.last += 1
            let ticket = String(waiting.last)
            waiting.calls[ticket] = call
            return ticket
        }
    }

    /// Each ticket is good once, so that no request can leave twice.
    func take(_ ticket: String) -> OutgoingCall? {
        waiting.withLock { $0.calls.removeValue(forKey: ticket) }
    }
}
