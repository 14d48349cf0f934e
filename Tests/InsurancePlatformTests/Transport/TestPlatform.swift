import InsurancePlatform
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A platform on a loopback socket behind real TLS, which answers what each test tells it to.
final class TestPlatform: Sendable {
    struct Request: Sendable {
        var head: HTTPRequestHead
        var body: [UInt8]
    }

    enum Reaction: Sendable {
        case answer(Int, String, [UInt8])
        /// Closes without a word.
        case hangUp
        /// Promises a body and closes in the middle of it.
        case halfBody([UInt8])
        case silence
    }

    /// What came over frames is answered with frames, in the order given; none hangs up.
    typealias FrameReaction = @Sendable (Frame) -> [Frame]?

    let port: Int
    private let channel: any Channel
    private let received: Received

    fileprivate final class Received: Sendable {
        let requests = Mutex<[Request]>([])
        let frames = Mutex<[Frame]>([])
        let connections = Mutex<[any Channel]>([])
    }

    var requests: [Request] { received.requests.withLock { $0 } }
    /// Without the opening ones.
    var frames: [Frame] { received.frames.withLock { $0 } }
    var connectionCount: Int { received.connections.withLock { $0.count } }

    static func http(
        _ tls: TLSConfiguration, react: @escaping @Sendable (Request) -> Reaction
    ) async throws -> TestPlatform {
        try await TestPlatform(tls) { channel, received in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline()
            try pipeline.addHandler(HTTPAnswerer(received, react))
        }
    }

    static func frames(
        _ tls: TLSConfiguration, react: @escaping FrameReaction
    ) async throws -> TestPlatform {
        try await TestPlatform(tls) { channel, received in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteToMessageHandler(FrameDecoder()))
            try pipeline.addHandler(MessageToByteHandler(FrameEncoder()))
            try pipeline.addHandler(FrameAnswerer(received, react))
        }
    }

    /// Takes connections and never says a word, not even of TLS.
    static func mute() async throws -> TestPlatform { try await TestPlatform(nil) { _, _ in } }

    private init(
        _ tls: TLSConfiguration?, _ configure: @escaping @Sendable (any Channel, Received) throws -> Void
    ) async throws {
        let received = Received()
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    received.connections.withLock { $0.append(channel) }
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try configure(channel, received)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.received = received
        port = channel.localAddress?.port ?? 0
    }

    /// Ends all connections, and lets new ones come.
    func dropConnections() {
        for channel in received.connections.withLock({ $0 }) { channel.close(promise: nil) }
    }

    func end() async throws {
        dropConnections()
        try await channel.close()
    }

    private final class HTTPAnswerer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let received: Received
        private let react: @Sendable (Request) -> Reaction
        private var request: Request?

        init(_ received: Received, _ react: @escaping @Sendable (Request) -> Reaction) {
            (self.received, self.react) = (received, react)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Request(head: head, body: [])
            case .body(let buffer): request?.body += buffer.readableBytesView
            case .end:
                guard let request else { return }
                received.requests.withLock { $0.append(request) }
                answer(context, react(request))
            }
        }

        private func answer(_ context: ChannelHandlerContext, _ reaction: Reaction) {
            switch reaction {
            case .silence: return
            case .hangUp: context.close(promise: nil)
            case .answer(let status, let type, let body):
                write(context, status, type, body, promised: body.count)
            case .halfBody(let body):
                write(
                    context, 200, "application/json", Array(body.prefix(body.count / 2)), promised: body.count
                )
                context.close(promise: nil)
            }
        }

        private func write(
            _ context: ChannelHandlerContext, _ status: Int, _ type: String, _ body: [UInt8], promised: Int
        ) {
            var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status))
            head.headers.add(name: "Content-Type", value: type)
            head.headers.add(name: "Content-Length", value: String(promised))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
            if body.count == promised { context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class FrameAnswerer: ChannelInboundHandler {
        typealias InboundIn = Frame
        typealias OutboundOut = Frame
        private let received: Received
        private let react: FrameReaction

        init(_ received: Received, _ react: @escaping FrameReaction) {
            (self.received, self.react) = (received, react)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let frame = unwrapInboundIn(data)
            if frame.infno == Frame.hello {
                return context.writeAndFlush(wrapOutboundOut(frame.response(body: [])), promise: nil)
            }
            received.frames.withLock { $0.append(frame) }
            guard let answers = react(frame) else { return context.close(promise: nil) }
            for answer in answers { context.writeAndFlush(wrapOutboundOut(answer), promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
