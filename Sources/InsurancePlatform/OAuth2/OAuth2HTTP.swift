import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL

/// The way to an authorization server: TLS always verified, redirects never followed, every exchange bounded.
///
/// It owns its connections: `shutDown` ends them.
public final class OAuth2HTTP: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// More than any answer of an authorization server.
    private static let largestAnswer = 256 * 1024
    private let client: HTTPClient
    private let tls: @Sendable () -> TLSConfiguration?
    private let timeout: Duration

    /// - Parameters:
    ///   - timeout: for a whole exchange.
    ///   - tls: asked before every exchange, so that reloaded certificates count at once; nil leaves the
    ///     system's roots and no client certificate.
    public init(
        timeout: Duration = .seconds(15), tls: @escaping @Sendable () -> TLSConfiguration? = { nil }
    ) {
        self.timeout = timeout
        self.tls = tls
        // A redirect would carry the client's secret to wherever it points.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func shutDown() async throws { try await client.shutdown() }

    func get(_ url: String) async throws(TokenFailure) -> Answer {
        try await send(HTTPClientRequest(url: url))
    }

    func post(
        _ url: String, form: [(name: String, value: String)], authorization: String?
    ) async throws(TokenFailure) -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: FormText.encode(form)))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws(TokenFailure) -> Answer {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "hufu")
        if var tls = tls() {
            tls.certificateVerification = .fullVerification
            request.tlsConfiguration = tls
        }
        do {
            return try await exchange(request)
        } catch {
            throw Self.failure(error)
        }
    }

    /// The client's own deadline ends with the head; a body that never ends must not hold up every caller.
    private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        let (client, timeout) = (client, timeout)
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                let head = try await client.execute(request, deadline: .now() + TimeAmount(timeout))
                let body = try await head.body.collect(upTo: Self.largestAnswer)
                return Answer(status: Int(head.status.code), body: Array(body.readableBytesView))
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw HTTPClientError.deadlineExceeded
            }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private static func failure(_ error: any Error) -> TokenFailure {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return TokenFailure(.tlsFailed, "the TLS handshake with the authorization server failed")
        case is NIOTooManyBytesError:
            return TokenFailure(.unreadableAnswer, "the answer is longer than \(largestAnswer) bytes")
        case let error as HTTPClientError where timeouts.contains { $0 == error }:
            return TokenFailure(.timeout, "the authorization server did not answer in time")
        case let error as HTTPClientError:
            return TokenFailure(.unreachable, error.shortDescription)
        default:
            return TokenFailure(.unreachable, "the authorization server can't be reached")
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
        .tlsHandshakeTimeout,
    ]
}
