import HTTPTypes
import NIOCore
import NIOHTTP1
import RequestSigning

/// The last handler before the encoder and TLS: here a request is signed, and here it leaves or doesn't.
///
/// The HTTP client brings a head with a ticket and nothing else; the request itself comes from the ticket.
final class OutgoingHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// A head came without a ticket that is good: the client would send something twice.
    struct NoTicket: Error {}

    private let calls: OutgoingCalls
    private var due: (call: OutgoingCall, head: HTTPRequestHead, promises: [EventLoopPromise<Void>])?
    private var isFirst = true

    init(_ calls: OutgoingCalls) { self.calls = calls }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            guard let ticket = head.headers.first(name: OutgoingCall.ticketField),
                let call = calls.take(ticket)
            else { return fail(context, NoTicket(), promise.map { [$0] } ?? []) }
            due = (call, head, promise.map { [$0] } ?? [])
        case .body:
            fail(context, NoTicket(), promise.map { [$0] } ?? [])
        case .end:
            guard let (call, head, promises) = due else {
                return fail(context, NoTicket(), promise.map { [$0] } ?? [])
            }
            due = nil
            send(context, call, head, promises + (promise.map { [$0] } ?? []))
        }
    }

    private func send(
        _ context: ChannelHandlerContext, _ call: OutgoingCall, _ head: HTTPRequestHead,
        _ promises: [EventLoopPromise<Void>]
    ) {
        let host = head.headers.first(name: "host")
        let message: HTTPMessage
        do {
            message = try call.release(authority: host, isFirst: isFirst)
        } catch {
            return fail(context, error, promises)
        }
        isFirst = false
        var sent = HTTPRequestHead(
            version: head.version, method: HTTPMethod(rawValue: message.head.method.rawValue),
            uri: message.head.path ?? head.uri)
        sent.headers.add(name: "Host", value: host ?? "")
        for field in message.head.headerFields {
            sent.headers.add(name: field.name.rawName, value: field.value)
        }
        if message.head.method != .get {
            sent.headers.add(name: "Content-Length", value: String(message.body.count))
        }
        context.write(wrapOutboundOut(.head(sent)), promise: nil)
        if !message.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: message.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let end = context.eventLoop.makePromise(of: Void.self)
        for promise in promises { end.futureResult.cascade(to: promise) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: end)
    }

    /// Nothing of the request has left. The client ends the connection with the call.
    private func fail(
        _ context: ChannelHandlerContext, _ error: any Error, _ promises: [EventLoopPromise<Void>]
    ) {
        let held = due?.promises ?? []
        due = nil
        context.fireErrorCaught(error)
        for promise in held + promises { promise.fail(error) }
        context.close(promise: nil)
    }
}
