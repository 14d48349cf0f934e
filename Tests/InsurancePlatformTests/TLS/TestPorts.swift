import NIOCore
import NIOPosix

/// Small servers of the kinds that are met where TLS was expected.
enum TestPorts {
    /// Answers each first bytes with what the closure makes of them, and closes; nil says nothing and stays.
    static func answering(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// A port on which nothing listens: one that was free a moment ago.
    static func closed() async throws -> Int {
        let channel = try await answering { _ in nil }
        let port = channel.localAddress?.port ?? 0
        try await channel.close().get()
        return port
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: @Sendable ([UInt8]) -> [UInt8]?

        init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let bytes = answer(Array(unwrapInboundIn(data).readableBytesView)) else { return }
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
                .whenComplete { _ in channel.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
