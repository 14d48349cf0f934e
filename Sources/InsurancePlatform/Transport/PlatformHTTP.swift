import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOSSL
import RequestSigning

/// HTTP/1.1 over TLS to one site, for REST and SOAP alike: sends each request once, and knows whether it left.
final class PlatformHTTP: Sendable {
    /// What came back, whatever its status.
    struct Reply: Sendable {
        var status: Int
        var contentType: String
        var body: [UInt8]
        /// The token that was sent, for who learns from the body that it is refused.
        var credential: String?
    }

    /// 24 MiB: a file of 16 MiB as Base64, and what stands around it.
    private static let answerLimit = 24 << 20
    /// Shorter than servers' own, so that few requests meet a connection that is being closed.
    private static let idle = TimeAmount.seconds(15)

    private let options: TransportOptions
    private let client: HTTPClient
    private let calls = OutgoingCalls()

    init(_ options: TransportOptions, baseURL: String) throws(FsiError) {
        try options.check()
        guard let url = URL(string: baseURL), url.scheme == "https", url.host?.isEmpty == false,
            url.query == nil, url.fragment == nil, url.user == nil, !baseURL.hasSuffix("/")
        else {
            throw FsiError(.malformedField, field: "base_url", "an https address without a slash at its end")
        }
        self.options = options
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = TimeAmount(options.connect)
        configuration.connectionPool.idleTimeout = Self.idle
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.connections
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        let calls = calls
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.submit {
                let pipeline = channel.pipeline.syncOperations
                // Behind the decoder on the way in is right before the encoder on the way out.
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                try pipeline.addHandler(OutgoingHandler(calls), position: .after(decoder))
            }
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutDown() async throws { try await client.shutdown() }

    /// Sends a message and judges its status: what comes back is an answer, or with `passing` a status that the
    /// caller judges.
    func send(
        _ message: HTTPMessage, url: String, signature: PlatformSignature?, passing: Int? = nil
    ) async throws(PlatformFailure) -> Reply {
        let tls = try options.trust()
        let token = try await options.token()
        var message = message
        if let token { message.head.headerFields[.authorization] = "Bearer \(token)" }
        let call = OutgoingCall(message, signature: signature, clock: options.clock)
        var reply = try await exchange(call, url, tls)
        reply.credential = token
        if 200..<300 ~= reply.status || reply.status == passing { return reply }
        if reply.status == 401, let token { options.credentialRefused?(token) }
        throw Self.failure(reply.status)
    }

    /// What a server answers in place of beginning with a request: it is elsewhere, or not taken as it is (RFC 9110
    /// §15.4 and §15.5, RFC 6585). 406 is not among them: some carry a call out before they see that they can't
    /// write the answer.
    private static let refusals: Set<Int> = [
        301, 302, 307, 308, 400, 404, 405, 410, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431,
    ]

    /// What a status says that isn't an answer's. One that isn't known to refuse promises nothing: 408 and 409 come
    /// from proxies, too, that have passed the request on.
    private static func failure(_ status: Int) -> PlatformFailure {
        let detail = "the platform answered HTTP \(status)"
        return switch status {
        case 401, 403: .notSent(.unauthorized, detail: detail)
        case 408: .unknown(.timeout, detail: detail)
        case 500...: .unknown(.serverError, detail: detail)
        default:
            refusals.contains(status)
                ? .notSent(.rejected, detail: detail) : .unknown(.unreadableAnswer, detail: detail)
        }
    }

    private func exchange(
        _ call: OutgoingCall, _ url: String, _ tls: TLSConfiguration
    ) async throws(PlatformFailure) -> Reply {
        let ticket = calls.enter(call)
        // Gone already if the call got as far as a connection.
        defer { _ = calls.take(ticket) }
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: call.message.head.method.rawValue)
        request.tlsConfiguration = tls
        request.headers.add(name: OutgoingCall.ticketField, value: ticket)
        do {
            return try await Deadline.within(options.call) { [request] in
                let head = try await self.client.execute(request, deadline: .distantFuture)
                let body = try await head.body.collect(upTo: Self.answerLimit)
                return Reply(
                    status: Int(head.status.code),
                    contentType: head.headers.first(name: "Content-Type") ?? "",
                    body: Array(body.readableBytesView))
            }
        } catch let failure as PlatformFailure {
            throw failure
        } catch {
            let fault = TransportFault(error)
            switch call.abandon() {
            case .neverLeft: throw .notSent(fault.reason, detail: fault.detail)
            // The server didn't finish its handshake, so it can't have read the request.
            case .left(isFirst: true) where fault.isRefusedCertificate:
                throw .notSent(.tlsFailed, detail: "the platform refused the client's certificate")
            case .left: throw .unknown(fault.reason, detail: fault.detail)
            }
        }
    }
}
