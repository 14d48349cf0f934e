import Foundation
import NIOCore
import NIOHTTP1

/// One connection of the test's server: collects a request, has it answered, writes the answer.
final class ServerConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    typealias Answer = @Sendable (AuthorizationServer.Request) async -> AuthorizationServer.Response

    private let answer: Answer
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ answer: @escaping Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ""
        case .body(let buffer): body += String(buffer: buffer)
        case .end:
            guard let head else { return }
            let parts = head.uri.split(separator: "?", maxSplits: 1)
            let request = AuthorizationServer.Request(
                method: head.method.rawValue, path: parts.first.map(String.init) ?? "/",
                query: Self.values(parts.count == 2 ? String(parts[1]) : ""), form: Self.values(body),
                authorization: head.headers.first(name: "Authorization"))
            let (answer, loop) = (answer, context.eventLoop)
            let bound = NIOLoopBound((self, context), eventLoop: loop)
            Task {
                let response = await answer(request)
                loop.execute {
                    let (handler, context) = bound.value
                    handler.write(context, response)
                }
            }
        }
    }

    private func write(_ context: ChannelHandlerContext, _ response: AuthorizationServer.Response) {
        var headers = HTTPHeaders(response.headers.map { ($0.0, $0.1) })
        let length = response.body.utf8.count + (response.isHalf ? 100 : 0)
        headers.replaceOrAdd(name: "Content-Length", value: "\(length)")
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: response.body)))), promise: nil)
        if !response.isHalf { context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
    }

    private static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).replacing("+", with: " ").removingPercentEncoding ?? "" }
            values[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        return values
    }
}
