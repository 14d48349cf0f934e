import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Waits on this machine for the browser that the authorization server sends back (RFC 8252 §7.3), at exactly
/// the redirect URI.
public struct LoopbackRedirect: Sendable {
    private let redirect: RedirectURI
    private let state: Redacted

    /// - Parameter state: of the login that was begun; requests with another are turned away and forgotten.
    ///
    /// Throws `configuration` where the redirect URI is not on this machine.
    public init(_ redirect: RedirectURI, state: String) throws(TokenFailure) {
        guard redirect.isLoopback else {
            throw TokenFailure(.configuration, "the redirect URI \(redirect) is not on this machine")
        }
        self.redirect = redirect
        self.state = Redacted(state)
    }

    /// Listens, and answers the first browser that comes with the right state.
    ///
    /// - Parameters:
    ///   - patience: `timeout` is thrown after it.
    ///   - listening: called once the port is bound.
    public func wait(
        patience: Duration, listening: () -> Void = {}
    ) async throws(TokenFailure) -> LoginArrival {
        let (arrivals, sink) = AsyncStream.makeStream(of: Result<LoginArrival, TokenFailure>.self)
        let server = try await bind(sink)
        listening()
        let timer = Task {
            try await Task.sleep(for: patience)
            sink.finish()
        }
        let first = await arrivals.first { _ in true }
        timer.cancel()
        try? await server.close()
        guard let first else {
            throw TokenFailure(.timeout, "no browser came back within \(patience.components.seconds) s")
        }
        return try first.get()
    }

    private typealias Sink = AsyncStream<Result<LoginArrival, TokenFailure>>.Continuation

    private func bind(_ sink: Sink) async throws(TokenFailure) -> any Channel {
        do {
            return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                        try channel.pipeline.syncOperations.addHandler(
                            Door { head in self.answer(head, sink) })
                    }
                }
                .bind(host: redirect.host, port: redirect.port).get()
        } catch {
            throw TokenFailure(.unreachable, "port \(redirect.port) of this machine can't be listened on")
        }
    }

    private func answer(_ head: HTTPRequestHead, _ sink: Sink) -> Page {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        // The Host keeps out a page of another name that was made to resolve to this machine.
        let host = head.headers["Host"].first ?? ""
        guard head.method == .GET, parts.count == 2, parts[0] == redirect.path,
            "http://\(host)\(redirect.path)" == redirect.text
        else { return .notFound }
        let result = Result { () throws(TokenFailure) in try LoginArrival(query: parts[1], state: state) }
        switch result {
        case .success:
            sink.yield(result)
            return .done
        case .failure(let failure) where failure.code == .refused:
            sink.yield(result)
            return .refused
        case .failure: return .notFound
        }
    }

    private enum Page: String, Sendable {
        case done = "Done: you may close this window. 登录已完成，可以关闭此窗口。"
        case refused = "The platform refused the login; the terminal says more. 平台拒绝了登录，详见终端。"
        case notFound = "Nothing is here. 此处无内容。"
    }

    private final class Door: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (HTTPRequestHead) -> Page
        private var head: HTTPRequestHead?

        init(_ answer: @escaping @Sendable (HTTPRequestHead) -> Page) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                write(context, answer(head))
            }
        }

        private func write(_ context: ChannelHandlerContext, _ page: Page) {
            let text = "<!doctype html><meta charset=utf-8><title>Hufu</title><p>\(page.rawValue)"
            // The address of this page holds the code: it must reach no other site and no cache.
            let headers: HTTPHeaders = [
                "Content-Type": "text/html; charset=utf-8", "Content-Length": "\(text.utf8.count)",
                "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
                "Content-Security-Policy": "default-src 'none'", "Connection": "close",
            ]
            let status: HTTPResponseStatus = page == .notFound ? .notFound : .ok
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
    }
}
