import AsyncHTTPClient
import AuditLog
public import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOSSL
public import RequestSigning

/// Sends calls that are signed as they leave: in the last handler before the encoder and the socket, however long
/// they waited for a connection before.
///
///     let client = try SignedClient(RequestSigner(.v330, key: key), server: server)
///     let answer = try await client.send(HTTPMessage(request, body: body))
///
/// - A request has to be answered within ``deadline``, which is always shorter than the profile's window.
/// - A call is sent once, unless it is marked as safe to repeat; every attempt has a time and a nonce of its own.
///   What the server refused for its time alone did nothing, and is signed again once in any case.
/// - The difference between the clocks is learnt from the answers' `Date` and corrected within
///   ``ClockOffset/bound``; ``SignedAnswer/clock`` tells.
///
/// A value: copies share the connections of the process and what was learnt about the clock. HTTP/1.1 only.
public struct SignedClient: Sendable {
    /// How often a call that may be repeated is sent at most.
    public static let mostAttempts = 3

    public let signer: RequestSigner
    public let server: ServerAddress
    /// For a request with its whole answer.
    public let deadline: Duration
    private let tls: TLSConfiguration?
    private let clock: ServerClock
    private let times = SigningTimes()

    /// - Parameters:
    ///   - trustedCAFile: PEM certificates; when given, nothing else is trusted.
    ///   - deadline: shortened to a second less than the profile's window.
    ///   - now: the own clock; the server's is learnt.
    public init(
        _ signer: RequestSigner, server: ServerAddress, trustedCAFile: String? = nil,
        deadline: Duration = .seconds(30), now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.signer = signer
        self.server = server
        self.deadline = min(deadline, .seconds(signer.profile.window - 1))
        tls = try .trusting(trustedCAFile)
        clock = ServerClock { Int64(now().timeIntervalSince1970 * 1000) }
    }

    /// How far the server's clock is taken to be ahead of the own one, in milliseconds.
    public var clockCorrection: Int64 { clock.correction }

    /// Signs and sends a request; its path and query follow the server's address.
    ///
    /// - Parameter mayRepeat: whether sending it twice does no harm. Then silence and answers of 502 to 504 are
    ///   followed by another attempt.
    /// - Returns: the answer, a refusal too.
    /// - Throws: `SigningRefusal` for what can't be signed, `ServerUnreachable`.
    public func send(_ message: HTTPMessage, mayRepeat: Bool = false) async throws -> SignedAnswer {
        var attempt = 1
        var notable = ClockOffset.Lesson.confirmed
        var isResigned = false
        while true {
            do {
                var answer = try await sendOnce(message)
                notable = answer.clock.isNotable ? answer.clock : notable
                answer.attempts = attempt
                answer.clock = notable.isNotable ? notable : answer.clock
                if !isResigned, answer.isOutOfTime {
                    isResigned = true
                } else if !(mayRepeat && attempt < Self.mostAttempts && (502...504).contains(answer.status)) {
                    return answer
                }
            } catch let silence as Silence {
                guard mayRepeat, silence.isTransient, attempt < Self.mostAttempts else {
                    throw ServerUnreachable(address: server, reason: silence.reason)
                }
            }
            try await Task.sleep(for: .milliseconds(150 * attempt))
            attempt += 1
        }
    }

    private func sendOnce(_ message: HTTPMessage) async throws -> SignedAnswer {
        let call = DueCall(signer, clock, times)
        let ticket = Self.calls.enter(call)
        // Gone already if the call got as far as a connection.
        defer { _ = Self.calls.take(ticket) }
        let request = prepared(message, ticket: ticket)
        do {
            return try await withThrowingTaskGroup(of: SignedAnswer.self) { group in
                group.addTask { try await exchange(request, call) }
                group.addTask { [deadline] in
                    try await Task.sleep(for: deadline)
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch let refusal as SigningRefusal {
            throw refusal
        } catch is NIOTooManyBytesError {
            throw UnexpectedAnswer("the answer is larger than \(APIConnection.maximumAnswer) bytes")
        } catch {
            throw try Silence(error)
        }
    }

    private func exchange(_ request: HTTPClientRequest, _ call: DueCall) async throws -> SignedAnswer {
        let head = try await Self.client.execute(request, deadline: .now() + TimeAmount(deadline))
        let received = clock.now()
        let body = try await head.body.collect(upTo: APIConnection.maximumAnswer)
        let signing = call.signing ?? DueCall.Signing(own: received, server: received)
        var fields = HTTPFields()
        for (name, value) in head.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        let lesson = fields[.date].map { clock.learn(date: $0, sent: signing.own, received: received) }
        return SignedAnswer(
            status: Int(head.status.code), fields: fields, body: Array(body.readableBytesView),
            signedAt: signing.server, attempts: 1, clock: lesson ?? .unreadable)
    }

    private func prepared(_ message: HTTPMessage, ticket: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: server.text + (message.head.path ?? "/"))
        request.method = HTTPMethod(rawValue: message.head.method.rawValue)
        request.tlsConfiguration = tls
        for field in message.head.headerFields {
            request.headers.add(name: field.name.rawName, value: field.value)
        }
        if !request.headers.contains(name: "User-Agent") {
            request.headers.add(name: "User-Agent", value: "hufu-client")
        }
        request.headers.add(name: DueCall.ticketField, value: ticket)
        if !message.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: message.body)) }
        return request
    }

    private static let calls = DueCalls()

    /// Never shut down: it lives as long as the process. It repeats nothing by itself.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5), read: .seconds(60)))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.submit { try Self.install(in: channel) }
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Behind the decoder on the way in is in front of it on the way out: what the client writes passes here, and
    /// then nothing but the encoder and TLS.
    private static func install(in channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
        let isSecure = (try? pipeline.handler(type: NIOSSLClientHandler.self)) != nil
        try pipeline.addHandler(
            SigningHandler(calls, scheme: isSecure ? "https" : "http"), position: .after(decoder))
    }
}

extension ClockOffset.Lesson {
    fileprivate var isNotable: Bool {
        switch self {
        case .corrected, .beyondBound: true
        case .confirmed, .unreadable: false
        }
    }
}

extension SignedAnswer {
    private static let timeRefusals: [SigningRefusal.Code] = [
        .timestampTooOld, .timestampInFuture, .retryWithNewTimestamp,
    ]

    /// The server refused the time and nothing else: a signature with the right one may be admitted.
    fileprivate var isOutOfTime: Bool {
        guard status == 401, let code = try? response.json()["code"]?.string else { return false }
        return Self.timeRefusals.contains { $0.rawValue == code }
    }
}
