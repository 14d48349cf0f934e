import NIOCore

/// The end of a connection's pipeline: gives frames to those who wait.
final class FrameReceiver: ChannelInboundHandler {
    typealias InboundIn = Frame

    private let waiters: FrameWaiters

    init(_ waiters: FrameWaiters) { self.waiters = waiters }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard frame.flags.contains(.response) else {
            waiters.end(.unreadableAnswer, "the platform sent a frame that is no response")
            return context.close(promise: nil)
        }
        waiters.deliver(frame)
        if waiters.isRetired, waiters.isIdle { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let fault = TransportFault(error)
        waiters.end(fault.reason, fault.detail)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiters.end(.connectionLost, "the connection was lost")
        context.fireChannelInactive()
    }
}
