import ActivationCodes
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// The front of a connection: requests of the direct routes are read, decided and answered here. With the first
/// request that is for the router, or is not plain, or with the end of input, the connection is HTTP's complete
/// parser's and the router's from there on.
///
/// While an answer is due, what arrives behind the request is held back in order, and then no more is read.
final class DirectDoor: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case reading
        case answering
        /// Everything goes on to the router.
        case left
    }

    private static let idleTimeout = TimeAmount.seconds(60)

    private let door: HTTPDoor
    private let routes: [any DirectRoute]
    private let largestBody: Int
    /// Whether TLS ends in front of this handler.
    private let isSecure: Bool
    private let logger: Logger
    private var state = State.reading
    private var received = ByteBuffer()
    private var heldEvent: Any?
    private var heldError: (any Error)?
    private var readIsHeld = false
    /// Whether a request was answered since the timer last looked.
    private var wasActive = false
    private var timer: Scheduled<Void>?
    private var peer: IPAddress?
    private var context: ChannelHandlerContext?

    init(door: HTTPDoor, routes: [any DirectRoute], logger: Logger) {
        self.door = door
        self.routes = routes
        largestBody = routes.map(\.largestBody).max() ?? 0
        isSecure = door.certificate != nil
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .left = state {
            context.fireChannelRead(data)
            return
        }
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        proceed(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch state {
        case .answering: heldEvent = event
        case .reading:
            leave(context)
            context.fireUserInboundEventTriggered(event)
        case .left: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .answering: heldError = error
        case .reading:
            leave(context)
            context.fireErrorCaught(error)
        case .left: context.fireErrorCaught(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Nobody hears an answer that is due any more; the decision stands.
        state = .left
        received = ByteBuffer()
        context.fireChannelInactive()
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        if case .answering = state, received.readableBytes > 0 {
            readIsHeld = true
        } else {
            context.read()
        }
    }

    // MARK: Answering

    /// Answers what was received, one request after the other.
    private func proceed(_ context: ChannelHandlerContext) {
        while case .reading = state, received.readableBytes > 0 {
            switch PlainRequest.read(received, largestBody: largestBody, isSecure: isSecure) {
            case .incomplete: return
            case .notPlain: leave(context)
            case .request(let request, let byteCount):
                if take(request, context) {
                    received.moveReaderIndex(forwardBy: byteCount)
                    if received.readableBytes == 0 { received = ByteBuffer() }
                } else {
                    leave(context)
                }
            }
        }
    }

    private func take(_ request: PlainRequest, _ context: ChannelHandlerContext) -> Bool {
        guard let route = routes.first(where: { $0.takes(request.head) }),
            request.body.readableBytes <= route.largestBody
        else { return false }
        state = .answering
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let taken = route.answer(request, from: peer) { reply in
            loop.execute { bound.value.write(reply()) }
        }
        if !taken { state = .reading }
        return taken
    }

    private func write(_ reply: Reply) {
        guard let context, case .answering = state else { return }
        wasActive = true
        var buffer = context.channel.allocator.buffer(capacity: 512 + reply.bytes.count)
        reply.write(into: &buffer, date: door.dates.text(at: door.authority.clock()))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        state = .reading
        proceed(context)
        resume(context)
    }

    /// Lets go of what was held back, unless the next answer is due already.
    private func resume(_ context: ChannelHandlerContext) {
        if case .answering = state { return }
        if heldEvent != nil || heldError != nil { leave(context) }
        if let event = heldEvent { context.fireUserInboundEventTriggered(event) }
        if let error = heldError { context.fireErrorCaught(error) }
        heldEvent = nil
        heldError = nil
        if readIsHeld {
            readIsHeld = false
            context.read()
        }
    }

    // MARK: Leaving

    /// Sets up HTTP behind this handler and hands over what was received and not answered.
    private func leave(_ context: ChannelHandlerContext) {
        guard case .reading = state else { return }
        state = .left
        timer?.cancel()
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandlers(
                HTTP1ToHTTPServerCodec(secure: isSecure),
                HTTPConnectionStateHandler(
                    idleTimeout: .nanoseconds(Self.idleTimeout.nanoseconds), logger: logger),
                position: .after(self))
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 8 * 1024
            limits.maxHeaderListSize = 16 * 1024
            limits.maxHeaderFieldCount = 100
            try pipeline.configureHTTPServerPipeline(
                position: .after(self), withPipeliningAssistance: false, withErrorHandling: false,
                withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: limits)
        } catch {
            context.close(promise: nil)
            return
        }
        if received.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(received))
            context.fireChannelReadComplete()
            received = ByteBuffer()
        }
    }

    /// Closes a connection on which no request was answered for a whole period, whatever trickles in.
    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: Self.idleTimeout) {
            let handler = bound.value
            guard let context = handler.context else { return }
            switch handler.state {
            case .reading where !handler.wasActive: context.close(promise: nil)
            case .reading, .answering:
                handler.wasActive = false
                handler.watch(context)
            case .left: break
            }
        }
    }
}
