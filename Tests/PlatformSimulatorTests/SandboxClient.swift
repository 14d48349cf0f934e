import AsyncHTTPClient
import Foundation
import HTTPTypes
import InsurancePlatform
import NIOCore
import NIOHTTP1
import NIOSSL
import PlatformSimulator
import RequestSigning
import Testing

/// Calls a sandbox as a hospital's gateway does: client certificate, bearer token, signature.
struct SandboxClient: Sendable {
    let sandbox: Sandbox
    let addresses: SandboxAddresses
    let http: HTTPClient
    let site: FsiSite
    let messages: MessageIDSource
    var token: String
    var profile = Profile.v330

    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        let location: String?

        var json: ExactJSON? { try? ExactJSON(parsing: body) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    init(_ sandbox: Sandbox, _ addresses: SandboxAddresses) async throws {
        self.sandbox = sandbox
        self.addresses = addresses
        http = try Self.http(addresses, withCertificate: true)
        site = sandbox.site(addresses)
        messages = try MessageIDSource(fixmedinsCode: site.fixmedinsCode)
        token = try await sandbox.issueAccessToken()
    }

    /// - Parameter patience: how long a connection is tried for, again and again.
    static func http(
        _ addresses: SandboxAddresses, withCertificate: Bool, patience: TimeAmount = .seconds(10)
    ) throws -> HTTPClient {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.trustRoots = .file(addresses.files.authority)
        if withCertificate {
            settings.certificateChain = try NIOSSLCertificate.fromPEMFile(
                addresses.files.clientCertificate
            ).map { .certificate($0) }
            settings.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: addresses.files.clientKey, format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: settings)
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = patience
        return HTTPClient(configuration: configuration)
    }

    func shutDown() async throws { try await http.shutdown() }

    var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    func msgid() -> String { messages.next(now: now).text }

    func with(_ profile: Profile) -> SandboxClient {
        var client = self
        client.profile = profile
        return client
    }

    // MARK: Calls

    func call(
        _ transaction: some PlatformTransaction, msgid: String? = nil, insuplc: String? = "440100"
    ) -> PlatformCall {
        PlatformCall(
            transaction, msgid: msgid ?? self.msgid(),
            sender: PlatformCall.Sender(id: "op1", name: "测试员"), insuplcAdmdvs: insuplc)
    }

    func carry<Transaction: PlatformTransaction>(
        _ transaction: Transaction, msgid: String? = nil
    ) async throws -> Transaction.Answer {
        let answer = try await answer(to: call(transaction, msgid: msgid))
        return try answer.content(of: Transaction.self)
    }

    func answer(to call: PlatformCall) async throws -> PlatformAnswer {
        let answer = try await post(call)
        #expect(answer.status == 200, "\(answer.text)")
        return try PlatformAnswer(fsi: answer.body)
    }

    func post(_ call: PlatformCall, at path: String? = nil) async throws -> Answer {
        let url = path.map { addresses.base + $0 } ?? site.url(infno: call.infno)
        return try await send(signed(url, body: FsiEnvelope.encode(call, site: site, now: now)))
    }

    /// A POST, or a GET without a body, signed by the client's profile.
    func signed(_ url: String, method: HTTPRequest.Method = .post, body: [UInt8] = []) throws -> HTTPMessage {
        let address = try #require(URLComponents(string: url))
        let target = String(url.dropFirst(addresses.base.count))
        var head = HTTPRequest(
            method: method, scheme: "https",
            authority: "\(address.host ?? ""):\(address.port ?? 0)", path: target)
        if method == .post { head.headerFields[.contentType] = "application/json" }
        head.headerFields[.authorization] = "Bearer \(token)"
        if profile == .csb {
            for (name, value) in [("_api_name", "fsi"), ("_api_version", "1.0.0")] {
                if let name = HTTPField.Name(name) { head.headerFields[name] = value }
            }
        }
        let key = try #require(sandbox.credentials.signingKey(for: profile))
        return try RequestSigner(profile, key: key).sign(
            HTTPMessage(head, body: body), at: now, nonce: Nonce.fresh())
    }

    func send(_ message: HTTPMessage, over client: HTTPClient? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: addresses.base + (message.head.path ?? "/"))
        request.method = HTTPMethod(rawValue: message.head.method.rawValue)
        for field in message.head.headerFields {
            request.headers.add(name: field.name.rawName, value: field.value)
        }
        if !message.body.isEmpty { request.body = .bytes(message.body) }
        let response = try await (client ?? http).execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 1 << 24)
        return Answer(
            status: Int(response.status.code), body: Array(buffer: body),
            location: response.headers.first(name: "location"))
    }

    /// A form, to the OAuth2 addresses.
    func form(_ path: String, _ fields: [(String, String)], over client: HTTPClient? = nil) async throws
        -> Answer
    {
        let allowed = CharacterSet.alphanumerics
        let text = fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }.joined(separator: "&")
        var head = HTTPRequest(method: .post, scheme: "https", authority: nil, path: path)
        head.headerFields[.contentType] = "application/x-www-form-urlencoded"
        return try await send(HTTPMessage(head, body: Array(text.utf8)), over: client)
    }

    /// The control API.
    func control(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, fields: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: addresses.control + path)
        request.method = method
        for (name, value) in fields { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await http.execute(request, timeout: .seconds(20))
        let answer = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), body: Array(buffer: answer), location: nil)
    }
}
