import AsyncHTTPClient
import AuditLog
import Foundation
import NIOCore
import NIOHTTP1

/// What came back, whatever its status.
struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let bytes: [UInt8]

    /// `null` when the body is not JSON.
    var json: JSON { (try? JSON(parsing: bytes)) ?? .null }
    /// The stable code of a problem.
    var code: String? { json["code"]?.string }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The codes of all failed checks of a refusal.
    var checks: [String] { json["checks"]?.array?.compactMap { $0["code"]?.string } ?? [] }

    func header(_ name: String) -> String? { headers[name.lowercased()] }

    subscript(_ key: String) -> JSON? { json[key] }
}

/// An answer with another status than the scenario needs to go on.
struct UnexpectedAnswer: Error, CustomStringConvertible {
    let request: String
    let answer: Answer
    var description: String { "\(request) answered \(answer.status): \(answer.text)" }
}

extension RunningServer {
    /// Sends one request as it is, once. A `token` goes before `staff`.
    func request(
        _ method: String, _ path: String, as staff: Staff? = nil, token: String? = nil, body: JSON? = nil,
        raw: [UInt8]? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(scheme)://127.0.0.1:\(port)\(path)")
        request.method = HTTPMethod(rawValue: method)
        var bearer = token
        if bearer == nil, let staff { bearer = try await self.token(of: staff) }
        if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        if let bytes = raw ?? body?.canonical() {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await Self.client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" },
            bytes: Array(bytes.readableBytesView))
    }

    /// The same for a step that must answer `status`, or the scenario ends.
    @discardableResult
    func expect(
        _ status: Int, _ method: String, _ path: String, as staff: Staff? = nil, token: String? = nil,
        body: JSON? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        let answer = try await request(method, path, as: staff, token: token, body: body, headers: headers)
        guard answer.status == status else {
            throw UnexpectedAnswer(request: "\(method) \(path)", answer: answer)
        }
        return answer
    }

    /// Lives as long as the process, like every server's pool of connections to it.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
