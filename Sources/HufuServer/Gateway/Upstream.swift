import AsyncHTTPClient
import AuditLog
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import RequestSigning
import Storage

/// Where admitted calls go.
final class Upstream: Sendable {
    private let target: ServerConfiguration.Upstream
    private let authority: Authority
    private let client: HTTPClient?
    private let platform: PlatformCalls?

    /// Shorter than the signatures' window, so that a call is answered while its signature still holds.
    private static let deadline = TimeAmount.seconds(60)
    private static let largestAnswer = 8 * 1024 * 1024

    /// - Parameter platform: where calls of its routes go; the others go to the target.
    init(
        _ target: ServerConfiguration.Upstream, _ authority: Authority, platform: NationalPlatform? = nil
    ) {
        self.target = target
        self.platform = platform.map { PlatformCalls(authority: authority, platform: $0) }
        self.authority = authority
        guard case .http = target else {
            client = nil
            return
        }
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        client = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    func shutDown() async throws { try await client?.shutdown() }

    /// The platform, for a call of its routes; for every call where there is no other target.
    private func platform(for admitted: AdmittedCall) -> PlatformCalls? {
        target == .none || PlatformRequest.isRoute(admitted.message.route) ? platform : nil
    }

    /// Whether the answer is at hand, without another call.
    func isImmediate(to admitted: AdmittedCall) -> Bool {
        client == nil && platform(for: admitted) == nil
    }

    /// Such an answer.
    func immediateAnswer(to admitted: AdmittedCall) throws -> Reply {
        guard target == .echo else {
            throw Problem(
                status: 404, code: "no_upstream", title: "The call is admitted, but leads nowhere",
                detail: "the gateway has no upstream: hufu serve --gateway-upstream URL")
        }
        return Reply(status: .ok, type: "application/json", bytes: admitted.echo)
    }

    /// Carries the call to the platform and logs how it answered, before the answer goes back.
    func answer(to admitted: AdmittedCall, _ call: Call) async throws -> Reply {
        if let platform = platform(for: admitted) { return try await platform.answer(to: admitted, call) }
        if client == nil { return try immediateAnswer(to: admitted) }
        let began = authority.clock()
        let result: Result<Reply, any Error>
        do { result = .success(try await forward(admitted, call)) } catch { result = .failure(error) }
        var data: [String: JSON] = ["duration_ms": JSON(Int((authority.clock() - began) / 1_000_000))]
        switch result {
        case .success(let reply):
            data["status"] = JSON(reply.status.code)
            let outcome: AuditEntry.Outcome = reply.status.code < 500 ? .success : .failure
            try await authority.logAnswered(
                call, admitted, outcome: outcome, reason: outcome == .success ? nil : "upstream_error", data)
            return reply
        case .failure(let error):
            let problem = Self.problem(error)
            try await authority.logAnswered(call, admitted, outcome: .failure, reason: problem.code, data)
            throw problem
        }
    }

    private func forward(_ admitted: AdmittedCall, _ call: Call) async throws -> Reply {
        guard case .http(let base) = target, let client else { throw CancellationError() }
        let head = admitted.message.head
        var request = HTTPClientRequest(url: base + (head.path ?? "/"))
        request.method = HTTPMethod(rawValue: head.method.rawValue)
        for name in [HTTPField.Name.contentType, .accept, .acceptLanguage] {
            if let value = head.headerFields[name] { request.headers.add(name: name.rawName, value: value) }
        }
        request.headers.add(name: "X-Request-Id", value: call.requestID)
        request.headers.add(name: "X-Api-Version", value: admitted.claims.profile.id)
        request.headers.add(name: "X-Hufu-Institution", value: admitted.claims.institution)
        request.headers.add(name: "X-Hufu-Device", value: admitted.claims.device)
        let body = admitted.content.body
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await client.execute(request, deadline: .now() + Self.deadline)
        let bytes = try await response.body.collect(upTo: Self.largestAnswer)
        return Reply(
            status: .init(code: Int(response.status.code)),
            type: response.headers.first(name: "Content-Type") ?? "application/octet-stream",
            bytes: Array(buffer: bytes))
    }

    private static func problem(_ error: any Error) -> Problem {
        if let error = error as? HTTPClientError, error == .deadlineExceeded || error == .readTimeout {
            return Problem(
                status: 504, code: "upstream_timeout", title: "The platform did not answer in time",
                detail: "whether it carried the call out is not known")
        }
        return Problem(
            status: 502, code: "upstream_unreachable", title: "The platform could not be reached",
            detail: "whether it carried the call out is not known")
    }
}
