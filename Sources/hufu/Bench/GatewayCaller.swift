import AsyncHTTPClient
import HTTPTypes
import InsurancePlatform
import NIOCore
import NIOHTTP1
import RequestSigning

/// Many devices in one: calls the gateway by as many connections as it takes, where `SignedClient` keeps to a
/// device's few. Each call is signed by the caller. It owns the connections: `shutDown` ends them.
struct GatewayCaller: Platform {
    let site: FsiSite
    let signer: RequestSigner
    let port: Int
    private let client: HTTPClient

    private static let deadline = TimeAmount.seconds(30)
    private static let largestAnswer = 1 << 20

    init(_ signer: RequestSigner, site: FsiSite, port: Int, connections: Int) {
        self.signer = signer
        self.site = site
        self.port = port
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutDown() async throws { try await client.shutdown() }

    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let signed = try signed(call)
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(signed.head.path ?? "/")")
        request.method = .POST
        for field in signed.head.headerFields {
            request.headers.add(name: field.name.rawName, value: field.value)
        }
        request.body = .bytes(ByteBuffer(bytes: signed.body))
        do {
            let response = try await client.execute(request, deadline: .now() + Self.deadline)
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            guard response.status == .ok else {
                throw PlatformFailure.unknown(
                    .serverError, detail: "\(response.status) \(String(buffer: body))")
            }
            return try PlatformAnswer(fsi: Array(body.readableBytesView))
        } catch let failure as PlatformFailure {
            throw failure
        } catch {
            throw .unknown(.connectionLost, detail: "\(error)")
        }
    }

    /// The request as it leaves, with the time of this moment.
    func signed(_ call: PlatformCall) throws(PlatformFailure) -> HTTPMessage {
        let now = DirectPlatform.milliseconds()
        var head = HTTPRequest(
            method: .post, scheme: "http", authority: "127.0.0.1:\(port)",
            path: site.pathPrefix + (site.paths[call.infno] ?? call.infno))
        head.headerFields[.contentType] = "application/json"
        let message = HTTPMessage(head, body: try FsiEnvelope.encode(call, site: site, now: now))
        do { return try signer.sign(message, at: now, nonce: Nonce.fresh()) } catch {
            throw .notSent(.badRequest, detail: error.detail)
        }
    }

    /// The same as the bytes of HTTP/1.1.
    func signedText(_ call: PlatformCall) throws(PlatformFailure) -> String {
        String(decoding: SavedRequestFile.bytes(try signed(call)), as: UTF8.self)
    }
}
