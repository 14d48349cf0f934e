import AsyncHTTPClient
package import AuditLog
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The way to one server: its address, the certificates trusted for it, and perhaps a token.
///
/// A value: copy it to change the token. All connections share one pool for the life of the process, so
/// nothing has to be shut down.
package struct APIConnection: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The largest answer that is read into memory.
    package static let maximumAnswer = 16 << 20

    package let address: ServerAddress
    /// Sent as `Authorization: Bearer`.
    package var token: String?
    /// For a whole request with its answer; a stream has it only for its head.
    package var timeout: Duration = .seconds(30)
    private let tls: TLSConfiguration?

    /// - Parameter trustedCAFile: PEM certificates; when given, nothing else is trusted.
    package init(_ address: ServerAddress, token: String? = nil, trustedCAFile: String? = nil) throws {
        self.address = address
        self.token = token
        tls = try .trusting(trustedCAFile)
    }

    /// Sends one request and reads the whole answer; anything but 2xx is thrown as `APIProblem`.
    ///
    /// Every change carries an `Idempotency-Key` (one is made unless `headers` has it), and so it can be
    /// repeated: when no answer comes, twice at most, with the same key. Requests that the server does not
    /// deduplicate (tokens, bootstrap) are sent once: a refresh token that is sent twice would count as
    /// stolen.
    package func send(
        _ method: Method, _ path: String, body: JSON? = nil, headers: [String: String] = [:]
    ) async throws -> APIResponse {
        let request = prepared(method, path, body, headers)
        let attempts = method == .get || Self.isDeduplicated(path) ? 3 : 1
        for attempt in 1...attempts {
            do {
                let response = try await execute(request)
                guard (200..<300).contains(response.status) else { throw APIProblem(response) }
                return response
            } catch let failure as Silence where attempt < attempts && failure.isTransient {
                try await Task.sleep(for: .milliseconds(150 * attempt))
            } catch let failure as Silence {
                throw ServerUnreachable(address: address, reason: failure.reason)
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Sends one request, once, and hands over the body as it comes.
    package func stream(
        _ method: Method, _ path: String, body: JSON? = nil, headers: [String: String] = [:]
    ) async throws -> APIStream {
        let request = prepared(method, path, body, headers)
        do {
            let head = try await Self.client.execute(request, deadline: .now() + TimeAmount(timeout))
            let status = Int(head.status.code)
            let headers = head.headers.map { (name: $0.name, value: $0.value) }
            guard (200..<300).contains(status) else {
                let bytes = try await head.body.collect(upTo: Self.maximumAnswer)
                let answer = APIResponse(
                    status: status, headers: headers, bytes: Array(bytes.readableBytesView))
                throw APIProblem(answer)
            }
            return APIStream(status: status, headers: headers, body: head.body)
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw ServerUnreachable(address: address, reason: try Silence(error).reason)
        }
    }

    private func execute(_ request: HTTPClientRequest) async throws -> APIResponse {
        do {
            let head = try await Self.client.execute(request, deadline: .now() + TimeAmount(timeout))
            let body = try await head.body.collect(upTo: Self.maximumAnswer)
            return APIResponse(
                status: Int(head.status.code), headers: head.headers.map { (name: $0.name, value: $0.value) },
                bytes: Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw UnexpectedAnswer("the answer is larger than \(Self.maximumAnswer) bytes")
        } catch {
            throw try Silence(error)
        }
    }

    private func prepared(
        _ method: Method, _ path: String, _ body: JSON?, _ headers: [String: String]
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.text + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.tlsConfiguration = tls
        request.headers.add(name: "Accept", value: "application/json, application/problem+json, */*;q=0.5")
        request.headers.add(name: "User-Agent", value: "hufu-client")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if method != .get && Self.isDeduplicated(path) {
            request.headers.add(name: "Idempotency-Key", value: UUID().uuidString.lowercased())
        }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.canonical()))
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        return request
    }

    /// The contract's exceptions, for which the server keeps no answer to repeat.
    private static func isDeduplicated(_ path: String) -> Bool {
        path != "/v1/batches" && path != "/v1/bootstrap" && !path.hasPrefix("/v1/tokens")
    }

    /// Never shut down: it lives as long as the process. A refused connection is an answer, so it is not
    /// retried behind our back until the deadline; `send` decides that.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5), read: .seconds(60)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
