import HTTPTypes
package import RequestSigning
import Synchronization

/// A call on its way to a connection: who signs it, once it has one.
final class DueCall: Sendable {
    /// Names the call to the connection's handler, and never leaves the process.
    static let ticketField = "hufu-call-ticket"

    /// The moment of signing, by both clocks, in unix milliseconds.
    struct Signing: Sendable {
        var own: Int64
        var server: Int64
    }

    private let signer: RequestSigner
    private let clock: ServerClock
    private let times: SigningTimes
    private let signedAt = Mutex<Signing?>(nil)

    init(_ signer: RequestSigner, _ clock: ServerClock, _ times: SigningTimes) {
        self.signer = signer
        self.clock = clock
        self.times = times
    }

    /// Nil as long as the call waits for a connection.
    var signing: Signing? { signedAt.withLock { $0 } }

    /// Signs with the time of this moment and a nonce of its own.
    func sign(_ message: HTTPMessage) throws(SigningRefusal) -> HTTPMessage {
        let (own, reading) = clock.reading()
        let server = times.next(reading, for: signer)
        let signed = try signer.sign(
            message.naming(signer.profile), at: server, nonce: signer.profile.hasNonce ? Nonce.fresh() : "")
        signedAt.withLock { $0 = Signing(own: own, server: server) }
        return signed
    }
}

/// The calls that wait, by their tickets.
final class DueCalls: Sendable {
    private struct Waiting {
        var last: UInt64 = 0
        var calls: [String: DueCall] = [:]
    }

    private let waiting = Mutex(Waiting())

    func enter(_ call: DueCall) -> String {
        waiting.withLock { waiting in
            waiting.last += 1
            let ticket = String(waiting.last)
            waiting.calls[ticket] = call
            return ticket
        }
    }

    /// Each ticket is good for one request.
    func take(_ ticket: String) -> DueCall? { waiting.withLock { $0.calls.removeValue(forKey: ticket) } }
}

extension HTTPMessage {
    private static let version = HTTPField.Name("X-Api-Version")

    /// With `X-Api-Version`, unless the message names a version itself.
    package func naming(_ profile: Profile) -> HTTPMessage {
        guard let version = Self.version, head.headerFields[version] == nil else { return self }
        var message = self
        message.head.headerFields[version] = profile.id
        return message
    }
}
