import NIOCore
import NIOPosix
import NIOSSL

/// One TLS connection that carries many calls at a time, told apart by their sequences.
final class FrameConnection: Sendable {
    /// What it was opened with.
    let tls: TLSConfiguration
    private let channel: any Channel
    private let waiters: FrameWaiters

    private init(_ channel: any Channel, _ waiters: FrameWaiters, tls: TLSConfiguration) {
        self.channel = channel
        self.waiters = waiters
        self.tls = tls
    }

    var isOpen: Bool { waiters.isOpen }

    /// Connects, and waits until the platform has answered the opening frame: only then is it sure that TLS has
    /// come about on both sides.
    ///
    /// - Throws: always `.notSent`.
    static func open(
        _ address: FsiSite.FrameAddress, tls: TLSConfiguration, timeout: Duration
    ) async throws(PlatformFailure) -> FrameConnection {
        let waiters = FrameWaiters()
        do {
            let context = try NIOSSLContext(configuration: tls)
            return try await Deadline.within(timeout) {
                let channel = try await bootstrap(address, context, waiters, timeout)
                    .connect(host: address.host, port: address.port).get()
                let connection = FrameConnection(channel, waiters, tls: tls)
                do {
                    let answer = try await connection.send(Frame(infno: Frame.hello, sequence: 0))
                    guard answer.infno == Frame.hello, !answer.flags.contains(.error) else {
                        throw FsiError(.invalidFrame, "the platform refused the connection")
                    }
                } catch {
                    connection.close()
                    throw error
                }
                return connection
            }
        } catch let failure as PlatformFailure {
            // The opening frame carries no call.
            throw .notSent(failure.reason, detail: failure.detail)
        } catch {
            let fault = TransportFault(error)
            throw .notSent(fault.reason, detail: fault.detail)
        }
    }

    private static func bootstrap(
        _ address: FsiSite.FrameAddress, _ context: NIOSSLContext, _ waiters: FrameWaiters,
        _ timeout: Duration
    ) -> ClientBootstrap {
        ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(
                        context: context, serverHostname: address.isNumeric ? nil : address.host)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(tls)
                    try pipeline.addHandler(ByteToMessageHandler(FrameDecoder()))
                    try pipeline.addHandler(MessageToByteHandler(FrameEncoder()))
                    try pipeline.addHandler(FrameReceiver(waiters))
                }
            }
    }

    /// Sends a call under a sequence of its own and waits for its response.
    func call(_ frame: Frame) async throws(PlatformFailure) -> Frame {
        var frame = frame
        frame.sequence = waiters.reserve()
        return try await send(frame)
    }

    /// Takes no more calls, and closes once nobody waits.
    func retire() {
        waiters.retire()
        if waiters.isIdle { close() }
    }

    func close() { channel.close(promise: nil) }

    private func send(_ frame: Frame) async throws(PlatformFailure) -> Frame {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard waiters.enter(frame.sequence, continuation) else { return }
                if Task.isCancelled {
                    return waiters.fail(frame.sequence, .timeout, "the caller stopped waiting")
                }
                write(frame)
            }
        } onCancel: {
            waiters.fail(frame.sequence, .timeout, "no answer in time")
        }
        return try result.get()
    }

    private func write(_ frame: Frame) {
        channel.eventLoop.execute { [channel, waiters] in
            guard channel.isActive else {
                return waiters.fail(frame.sequence, .connectionLost, "the connection was lost")
            }
            guard waiters.release(frame.sequence) else { return }
            channel.writeAndFlush(frame).whenFailure { error in
                let fault = TransportFault(error)
                waiters.fail(frame.sequence, fault.reason, fault.detail)
            }
        }
    }
}

extension FsiSite.FrameAddress {
    /// A host that is an address, which TLS can't name to the server (RFC 6066 §3).
    fileprivate var isNumeric: Bool { (try? SocketAddress(ipAddress: host, port: port)) != nil }
}

extension PlatformFailure {
    fileprivate var detail: String {
        switch self {
        case .notSent(_, let detail), .unknown(_, let detail): detail
        }
    }
}
