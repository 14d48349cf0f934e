import HTTPTypes
import NIOCore
import NIOSSL
import RequestSigning

/// The platform over binary frames (docs/formats/platform-frames.md): one TLS connection for many calls at a time.
public final class FramePlatform: Platform {
    public let site: FsiSite
    private let options: TransportOptions
    private let link: FrameLink

    /// - Throws: `malformed_field` for a site without ``FsiSite/frames``, a timeout that isn't shorter than the
    ///   signature's window, or a profile that needs fields of HTTP.
    public init(site: FsiSite, options: TransportOptions) throws(FsiError) {
        try options.check()
        guard let address = site.frames, !address.host.isEmpty, (1...65_535).contains(address.port) else {
            throw FsiError(.malformedField, field: "frames", "the site names no host and port for frames")
        }
        guard options.signature == nil || options.signature?.place == .body else {
            throw FsiError(.malformedField, field: "signature", "the profile needs fields of HTTP")
        }
        self.site = site
        self.options = options
        link = FrameLink(address, timeout: options.connect)
    }

    /// Closes the connection; no call may follow.
    public func shutDown() async { await link.shutDown() }

    public func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let tls = try options.trust()
        let token = try await options.token()
        let envelope = try FsiEnvelope.encode(call, site: site, now: options.clock())
        let response: Frame
        do {
            response = try await Deadline.cancelling(after: options.call) { [self] in
                let connection = try await link.connection(tls)
                let frame = Frame(
                    infno: call.infno, sequence: 0, credential: token, body: try signed(envelope))
                try frame.checkSize()
                try Task.checkCancellation()
                return try await connection.call(frame)
            }
        } catch let failure as PlatformFailure {
            throw failure
        } catch {
            // A call that has left fails by its connection, as a PlatformFailure.
            let fault = TransportFault(error)
            throw .notSent(fault.reason, detail: fault.detail)
        }
        return try answer(in: response, infno: call.infno, token: token)
    }

    /// Signed as late as the frame is made.
    private func signed(_ envelope: [UInt8]) throws(PlatformFailure) -> [UInt8] {
        guard let signature = options.signature else { return envelope }
        let head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/")
        return try signature.sign(HTTPMessage(head, body: envelope), now: options.clock()).body
    }

    private func answer(
        in response: Frame, infno: String, token: String?
    ) throws(PlatformFailure) -> PlatformAnswer {
        if response.flags.contains(.error) {
            let error = FrameError(body: response.body)
            if error.code == .unauthorized, let token { options.credentialRefused?(token) }
            throw error.failure
        }
        guard response.infno == infno else {
            throw .unknown(.unreadableAnswer, detail: "the response is of another transaction")
        }
        let body = try options.signature?.open(response.body, now: options.clock()) ?? response.body
        do {
            return try PlatformAnswer(fsi: body)
        } catch {
            throw .unknown(.unreadableAnswer, detail: error.sentence)
        }
    }
}

extension Frame {
    /// Refuses what ``write(to:)`` would, before the frame is on its way.
    fileprivate func checkSize() throws(PlatformFailure) {
        guard body.count + 2 + (credential?.utf8.count ?? 0) <= Self.bodyLimit else {
            throw .notSent(.badRequest, detail: "a frame's body has at most \(Self.bodyLimit) bytes")
        }
    }
}
