import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Storage

/// Answers validations by code on the connection's event loop: no task, and no other thread but the writer's.
/// The same checks, limits, decision and entry as by the router, at half its cost. Whatever is not a plain,
/// well-formed validation by code goes on to the router as it came.
///
/// While an answer is due, what arrives behind the request is held back in order, and then no more is read.
final class DirectValidation: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case passing
        case collecting(HTTPRequest, ByteBuffer)
        case answering
    }

    private enum Held {
        case part(NIOAny)
        case event(Any)
        case error(any Error)
    }

    private let door: HTTPDoor
    private let route: Route
    private var state = State.passing
    /// Requests that went on to the router and are not answered yet: what follows them must not overtake them.
    private var passedOn = 0
    private var held: [Held] = []
    private var readIsHeld = false
    private var peer: IPAddress?
    private var context: ChannelHandlerContext?

    init(door: HTTPDoor, route: Route) {
        self.door = door
        self.route = route
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.answering, _): held.append(.part(data))
        case (.passing, .head(let head)):
            if passedOn == 0, isDirect(head) {
                state = .collecting(head, ByteBuffer())
            } else {
                passedOn += 1
                context.fireChannelRead(data)
            }
        case (.passing, _): context.fireChannelRead(data)
        case (.collecting(let head, var body), .body(var part)):
            state = .passing
            body.writeBuffer(&part)
            state = .collecting(head, body)
        case (.collecting(let head, let body), .end(let trailers)):
            if trailers == nil, answer(context, head, body) { return }
            passOn(context, head, body)
            context.fireChannelRead(data)
        // Never behind a head: the decoder sees to that.
        case (.collecting, .head): context.fireChannelRead(data)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .answering = state {
            held.append(.event(event))
            return
        }
        passOnIncomplete(context)
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .answering = state {
            held.append(.error(error))
            return
        }
        passOnIncomplete(context)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Nobody hears the answer any more; the decision stands.
        held = []
        state = .passing
        context.fireChannelInactive()
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { readIsHeld = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
        context.write(data, promise: promise)
    }

    // MARK: Answering

    /// A request that needs nothing of HTTP but its body. `Content-Length` may still lie: then the decoder
    /// refuses what comes.
    private func isDirect(_ head: HTTPRequest) -> Bool {
        guard head.method == route.method, head.path == route.path else { return false }
        let fields = head.headerFields
        guard let length = fields[.contentLength].flatMap({ Int($0) }), length <= HTTPDoor.largestBody
        else { return false }
        return fields[.authorization] == nil && fields[.connection] == nil && fields[.expect] == nil
    }

    /// False when this is the router's; then nothing was spent or decided.
    private func answer(_ context: ChannelHandlerContext, _ head: HTTPRequest, _ body: ByteBuffer) -> Bool {
        let nanoseconds = door.authority.clock()
        guard
            let dataKey = door.authority.personal.keyAtHand(
                at: Date(unixMilliseconds: nanoseconds / 1_000_000))
        else { return false }
        let secret: CodeSecret
        let presented: DeviceFingerprint?
        let scopes: [String]
        do {
            let document = try door.decoded(body, head.headerFields[.contentType], route)
            guard let text = document["code"]?.string else { return false }
            secret = try CodeSecret(parsing: text)
            presented = try document.fingerprint()
            scopes = document.names("scopes") ?? []
        } catch {
            return false
        }
        let call = door.call(head.headerFields, from: peer)
        state = .answering
        do {
            try door.sources.spend(1, DoorContext.sourceKey(of: call.address), at: nanoseconds)
            try door.spend(secret, at: nanoseconds)
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            let loop = context.eventLoop
            try door.authority.validate(
                call, secret, presented: presented, scopes: scopes, dataKey
            ) { outcome in
                loop.execute { bound.value.reply(outcome, call) }
            }
        } catch {
            reply(.failure(error), call)
        }
        return true
    }

    private func reply(_ outcome: Result<(answer: Validation, index: Int), any Error>, _ call: Call) {
        guard let context, case .answering = state else { return }
        let reply =
            switch outcome {
            case .success(let decided):
                door.reply(decided.answer.document(index: decided.index), call.requestID)
            case .failure(let error): door.refuse(error, route, call)
            }
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        head.headerFields[.contentLength] = String(reply.bytes.count)
        head.headerFields[.date] = door.dates.text(at: door.authority.clock())
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: reply.bytes))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state = .passing
        resume(context)
    }

    /// Lets go of what was held back, until the next answer is due.
    private func resume(_ context: ChannelHandlerContext) {
        while !held.isEmpty {
            if case .answering = state { return }
            switch held.removeFirst() {
            case .part(let part): channelRead(context: context, data: part)
            case .event(let event): userInboundEventTriggered(context: context, event: event)
            case .error(let error): errorCaught(context: context, error: error)
            }
            if held.isEmpty { context.fireChannelReadComplete() }
        }
        if case .answering = state { return }
        if readIsHeld {
            readIsHeld = false
            context.read()
        }
    }

    private func passOn(_ context: ChannelHandlerContext, _ head: HTTPRequest, _ body: ByteBuffer) {
        state = .passing
        passedOn += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
        if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
    }

    /// A request that breaks off is the router's to refuse.
    private func passOnIncomplete(_ context: ChannelHandlerContext) {
        if case .collecting(let head, let body) = state { passOn(context, head, body) }
    }
}
