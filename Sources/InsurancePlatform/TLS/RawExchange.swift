internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Sends some bytes over TCP and takes what comes back.
struct RawExchange {
    private static let largest = 65_536

    let address: SocketAddress
    /// Milliseconds for the connection, and again for the answer.
    let timeout: Int64

    /// What came until `isEnough` said so, the other side closed, or the time was over.
    func answer(to bytes: [UInt8], isEnough: @escaping @Sendable ([UInt8]) -> Bool) async -> [UInt8] {
        let collected = Collected()
        let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(collected, isEnough))
                }
            }
            .connect(to: address).get()
        guard let channel else { return [] }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        let end = channel.eventLoop.scheduleTask(in: .milliseconds(timeout)) { channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        end.cancel()
        return collected.bytes.withLock { $0 }
    }

    private final class Collected: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let collected: Collected
        private let isEnough: @Sendable ([UInt8]) -> Bool

        init(_ collected: Collected, _ isEnough: @escaping @Sendable ([UInt8]) -> Bool) {
            self.collected = collected
            self.isEnough = isEnough
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let part = Array(unwrapInboundIn(data).readableBytesView)
            let all = collected.bytes.withLock { bytes in
                bytes += part
                return bytes
            }
            if all.count > RawExchange.largest || isEnough(all) { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
