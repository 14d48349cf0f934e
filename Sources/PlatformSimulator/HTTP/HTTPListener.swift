import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import RequestSigning

/// HTTP/1.1 on one port, with TLS or, on loopback, without. Every connection is a task of `run`.
struct HTTPListener: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    typealias Respond = @Sendable (SandboxRequest) async -> SandboxReply

    private let server: NIOAsyncChannel<Connection, Never>
    private let isSecure: Bool

    private static let largestBody = 8 << 20

    var port: Int { server.channel.localAddress?.port ?? 0 }

    static func bind(
        host: String, port: Int, certificate: ServerCertificate? = nil
    ) async throws -> HTTPListener {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let certificate {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: certificate.context(.ifPresent)))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    return try Connection(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: false))
                }
            }
        return HTTPListener(server: server, isSecure: certificate != nil)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter refused: told of connections that ended in the handshake, with the reason.
    func run(
        _ respond: @escaping Respond, refused: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        try await server.executeThenClose { inbound in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in inbound {
                    group.addTask { await serve(connection, respond, refused) }
                }
            }
        }
    }

    /// For a listener that is never run.
    func close() async { try? await server.executeThenClose { _ in } }

    private func serve(
        _ connection: Connection, _ respond: Respond, _ refused: @Sendable (String) -> Void
    ) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var reading = Reading()
                var certificate: String?
                for try await part in inbound {
                    guard let (head, body) = try reading.take(part, largest: Self.largestBody) else {
                        continue
                    }
                    if certificate == nil, isSecure {
                        certificate = try await connection.channel.clientCertificate()
                    }
                    let request = SandboxRequest(
                        message: HTTPMessage(Self.request(head, isSecure: isSecure), body: body),
                        clientCertificate: certificate)
                    let reply = await respond(request)
                    guard try await Self.write(reply, head, outbound) else { return }
                }
            }
        } catch let error as NIOSSLError {
            refused("\(error)")
        } catch let error as BoringSSLError {
            refused("\(error)")
        } catch {
            // The client is gone; what it asked for has been done or not, as the ledger shows.
            return
        }
    }

    private struct TooLarge: Error {}

    /// Gathers a request from its parts.
    private struct Reading {
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        mutating func take(
            _ part: HTTPServerRequestPart, largest: Int
        ) throws -> (HTTPRequestHead, [UInt8])? {
            switch part {
            case .head(let head):
                self.head = head
                body = []
            case .body(let bytes):
                guard body.count + bytes.readableBytes <= largest else { throw TooLarge() }
                body += bytes.readableBytesView
            case .end:
                guard let head else { return nil }
                return (head, body)
            }
            return nil
        }
    }

    private static func request(_ head: HTTPRequestHead, isSecure: Bool) -> HTTPRequest {
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers where name.lowercased() != "host" {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return HTTPRequest(
            method: HTTPRequest.Method(head.method.rawValue) ?? .get, scheme: isSecure ? "https" : "http",
            authority: head.headers.first(name: "host"), path: head.uri, headerFields: fields)
    }

    /// Answers whether the connection goes on.
    private static func write(
        _ reply: SandboxReply, _ request: HTTPRequestHead,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws -> Bool {
        var headers = HTTPHeaders(reply.fields)
        func head() -> HTTPServerResponsePart {
            .head(HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers))
        }
        switch reply.body {
        case .whole(let bytes):
            headers.add(name: "content-length", value: "\(bytes.count)")
            let parts: [HTTPServerResponsePart] =
                request.method == .HEAD ? [] : [.body(.byteBuffer(ByteBuffer(bytes: bytes)))]
            try await outbound.write(contentsOf: [head()] + parts + [.end(nil)])
            return request.isKeepAlive
        case .half(let bytes):
            headers.add(name: "content-length", value: "\(bytes.count)")
            let half = ByteBuffer(bytes: bytes.prefix(bytes.count / 2))
            try await outbound.write(contentsOf: [head(), .body(.byteBuffer(half))])
            return false
        case .stream(let parts):
            headers.add(name: "cache-control", value: "no-store")
            try await outbound.write(head())
            for await bytes in parts {
                try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
            }
            return false
        case .nothing: return false
        }
    }
}
