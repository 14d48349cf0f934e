import InsurancePlatform
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An echo over TLS, with the server's certificate from a ``ReloadingServerTLS``.
enum TLSEcho {
    static func start(_ tls: ReloadingServerTLS, byHandler: Bool) async throws -> any Channel {
        let context = try NIOSSLContext(configuration: tls.configuration)
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = byHandler ? try tls.handler() : NIOSSLServerHandler(context: context)
                    try channel.pipeline.syncOperations.addHandlers([handler, Echo()])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(data, promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// One connection to it.
    struct Client {
        private let channel: any Channel
        private let inbox: Inbox

        init(_ port: Int, _ settings: TLSConfiguration) async throws {
            let context = try NIOSSLContext(configuration: settings)
            let inbox = Inbox()
            self.inbox = inbox
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let tls = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandlers([tls, Receiver(inbox)])
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        }

        /// The text comes back, or the connection ends.
        func echo(_ text: String) async throws -> String {
            let promise = channel.eventLoop.makePromise(of: String.self)
            inbox.waiting.withLock { $0 = promise }
            channel.writeAndFlush(ByteBuffer(string: text)).cascadeFailure(to: promise)
            return try await promise.futureResult.get()
        }

        /// Of the certificate that the server showed.
        func subject() async throws -> String? {
            let certificate = try await channel.nioSSL_peerCertificate().get()
            return try certificate.flatMap { CertificateFacts(der: try $0.toDERBytes()) }?.subject
        }

        func close() async throws { try await channel.close().get() }
    }

    private final class Inbox: Sendable {
        let waiting = Mutex<EventLoopPromise<String>?>(nil)

        func take() -> EventLoopPromise<String>? { waiting.withLock { $0.take() } }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let inbox: Inbox

        init(_ inbox: Inbox) { self.inbox = inbox }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            inbox.take()?.succeed(String(buffer: unwrapInboundIn(data)))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            inbox.take()?.fail(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            inbox.take()?.fail(ChannelError.ioOnClosedChannel)
            context.fireChannelInactive()
        }
    }
}
