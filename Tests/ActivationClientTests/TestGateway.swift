import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import RequestSigning
import Synchronization

/// An HTTP server that keeps what it was sent, byte by byte, and answers as the test says.
final class TestGateway: Sendable {
    struct Received: Sendable {
        var message: HTTPMessage
        /// When its last byte came, in unix milliseconds.
        var at: Int64
    }

    struct Answer: Sendable {
        var status = 200
        var code: String?
        /// The server's clock against the right one, in seconds.
        var clock = 0.0
        /// Nil closes the connection instead of answering.
        var delay: Duration? = .zero
    }

    typealias Rule = @Sendable (_ number: Int, Received) -> Answer

    private let channel: any Channel
    private let log: Log

    /// - Parameter rule: the answer to the n-th request, from 0.
    init(_ rule: @escaping Rule = { _, _ in Answer() }) async throws {
        let log = Log(rule)
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Connection(log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit { channel.close(promise: nil) }

    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    var received: [Received] { log.received.withLock { $0 } }

    private final class Log: Sendable {
        let rule: Rule
        let received = Mutex<[Received]>([])

        init(_ rule: @escaping Rule) { self.rule = rule }

        func answer(_ request: Received) -> Answer {
            let number = received.withLock { received in
                received.append(request)
                return received.count - 1
            }
            return rule(number, request)
        }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ log: Log) { self.log = log }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let buffer): body += buffer.readableBytesView
            case .end:
                guard let head else { return }
                let now = Int64(Date().timeIntervalSince1970 * 1000)
                answer(context, log.answer(Received(message: HTTPMessage(head, body), at: now)))
            }
        }

        private func answer(_ context: ChannelHandlerContext, _ answer: Answer) {
            guard let delay = answer.delay else { return context.close(promise: nil) }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: TimeAmount(delay)) {
                let (handler, context) = bound.value
                handler.write(context, answer)
            }
        }

        private func write(_ context: ChannelHandlerContext, _ answer: Answer) {
            var headers = HTTPHeaders()
            headers.add(name: "Date", value: Self.date(Date().addingTimeInterval(answer.clock)))
            let text = answer.code.map { "{\"code\":\"\($0)\",\"title\":\"x\"}" } ?? "{}"
            headers.add(name: "Content-Length", value: String(text.utf8.count))
            let status = HTTPResponseStatus(statusCode: answer.status)
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        private static func date(_ date: Date) -> String {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            return format.string(from: date)
        }
    }
}

extension HTTPMessage {
    fileprivate init(_ head: HTTPRequestHead, _ body: [UInt8]) {
        var request = HTTPRequest(
            method: HTTPRequest.Method(head.method.rawValue) ?? .get, scheme: "http",
            authority: head.headers.first(name: "host"), path: head.uri)
        for (name, value) in head.headers where name.lowercased() != "host" {
            if let name = HTTPField.Name(name) {
                request.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(request, body: body)
    }
}
