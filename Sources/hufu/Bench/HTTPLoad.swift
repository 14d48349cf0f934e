import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Keep-alive connections that each send the same request again as soon as it is answered. Raw bytes on NIO, so
/// that the load costs as little as it can beside the server that is measured.
struct HTTPLoad: Sendable {
    let port: Int
    /// One connection for each.
    let requests: [String]

    static func post(_ path: String, _ body: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Answers a second. Anything but 200 is a failure of the run.
    func run(for duration: Duration) async throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let tally = LoadTally()
        let start = ContinuousClock.now
        var channels: [any Channel] = []
        for request in requests {
            let channel = try await ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            LoadHandler(request: request, tally: tally))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            channels.append(channel)
        }
        try await Task.sleep(for: duration)
        let answers = tally.answers.load(ordering: .relaxed)
        let elapsed = start.duration(to: .now).milliseconds
        let failures = tally.failures.load(ordering: .relaxed)
        for channel in channels { try? await channel.close() }
        try await group.shutdownGracefully()
        guard failures == 0 else {
            throw CommandFailure(.refused, "\(failures) of \(answers) answers were not 200")
        }
        return Double(answers) / elapsed * 1000
    }
}

private final class LoadTally: Sendable {
    let answers = Atomic(0)
    let failures = Atomic(0)
}

private final class LoadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let end = Array("\r\n\r\n".utf8)
    private static let length = Array("content-length: ".utf8)

    private let request: ByteBuffer
    private let tally: LoadTally
    private var received = ByteBuffer()

    init(request: String, tally: LoadTally) {
        self.request = ByteBuffer(string: request)
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        guard let size = answerSize(), received.readableBytes >= size else { return }
        // "HTTP/1.1 200": the status's digits are bytes 9 to 11.
        if !received.readableBytesView.dropFirst(9).starts(with: "200".utf8) {
            tally.failures.add(1, ordering: .relaxed)
        }
        tally.answers.add(1, ordering: .relaxed)
        received.clear()
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    /// The whole answer's size once its head is there.
    private func answerSize() -> Int? {
        let bytes = received.readableBytesView
        guard let head = bytes.firstRange(of: Self.end) else { return nil }
        let lowered = bytes[..<head.lowerBound].map { $0 | 0x20 }
        guard let field = lowered.firstRange(of: Self.length.map { $0 | 0x20 }) else { return nil }
        var length = 0
        for byte in lowered[field.upperBound...] {
            guard (0x30...0x39).contains(byte) else { break }
            length = length * 10 + Int(byte - 0x30)
        }
        return bytes.distance(from: bytes.startIndex, to: head.upperBound) + length
    }
}
