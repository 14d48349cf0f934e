import HTTPTypes
import NIOCore
import NIOHTTP1
import RequestSigning

/// Signs a request in the pipeline of its connection, between the HTTP client and the encoder that writes to the
/// socket: the last moment at which a request is one.
///
/// A request without a ticket passes as it is. One with a ticket is held until its end, so that the signature can
/// cover the body, and leaves in one piece.
final class SigningHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private struct Held {
        var call: DueCall
        var head: HTTPRequestHead
        var body: [UInt8] = []
        var promises: [EventLoopPromise<Void>] = []
    }

    private let calls: DueCalls
    private let scheme: String
    private var held: Held?

    init(_ calls: DueCalls, scheme: String) {
        self.calls = calls
        self.scheme = scheme
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch (unwrapOutboundIn(data), held) {
        case (.head(var head), _):
            guard let ticket = head.headers.first(name: DueCall.ticketField), let call = calls.take(ticket)
            else {
                context.write(data, promise: promise)
                return
            }
            head.headers.remove(name: DueCall.ticketField)
            held = Held(call: call, head: head, promises: promise.map { [$0] } ?? [])
        case (_, nil):
            context.write(data, promise: promise)
        case (.body(.byteBuffer(let buffer)), .some):
            held?.body += buffer.readableBytesView
            if let promise { held?.promises.append(promise) }
        case (.body(.fileRegion), .some):
            fail(context, ChannelError.operationUnsupported, promise)
        case (.end, .some(let call)):
            held = nil
            send(context, call, promise)
        }
    }

    private func send(_ context: ChannelHandlerContext, _ due: Held, _ promise: EventLoopPromise<Void>?) {
        let signed: HTTPMessage
        do {
            signed = try due.call.sign(HTTPMessage(due.head, body: due.body, scheme: scheme))
        } catch {
            held = due
            fail(context, error, promise)
            return
        }
        context.write(wrapOutboundOut(.head(due.head.carrying(signed))), promise: nil)
        if !signed.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: signed.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let end = context.eventLoop.makePromise(of: Void.self)
        for promise in due.promises { end.futureResult.cascade(to: promise) }
        end.futureResult.cascade(to: promise)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: end)
    }

    /// Nothing of the request has left. The client ends the connection with the call.
    private func fail(
        _ context: ChannelHandlerContext, _ error: any Error, _ promise: EventLoopPromise<Void>?
    ) {
        let promises = held?.promises ?? []
        held = nil
        context.fireErrorCaught(error)
        for promise in promises { promise.fail(error) }
        promise?.fail(error)
    }
}

extension HTTPMessage {
    /// Fields of the connection are none of the message's.
    fileprivate init(_ head: HTTPRequestHead, body: [UInt8], scheme: String) {
        var request = HTTPRequest(
            method: HTTPRequest.Method(head.method.rawValue) ?? .get, scheme: scheme,
            authority: head.headers.first(name: "host"), path: head.uri)
        for (name, value) in head.headers where !HTTPRequestHead.framing.contains(name.lowercased()) {
            if let name = HTTPField.Name(name) {
                request.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(request, body: body)
    }
}

extension HTTPRequestHead {
    fileprivate static let framing: Set = ["host", "content-length", "transfer-encoding", "connection"]

    /// This head with the fields of a message, and framed for its body.
    fileprivate func carrying(_ message: HTTPMessage) -> HTTPRequestHead {
        var head = self
        let wasFramed =
            headers.contains(name: "content-length") || headers.contains(name: "transfer-encoding")
        var headers = HTTPHeaders()
        for (name, value) in self.headers where ["host", "connection"].contains(name.lowercased()) {
            headers.add(name: name, value: value)
        }
        for field in message.head.headerFields { headers.add(name: field.name.rawName, value: field.value) }
        if wasFramed || !message.body.isEmpty {
            headers.add(name: "Content-Length", value: String(message.body.count))
        }
        head.headers = headers
        return head
    }
}
