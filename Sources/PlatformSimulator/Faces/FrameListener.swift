import HTTPTypes
import InsurancePlatform
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import RequestSigning

/// The frames' port (docs/formats/platform-frames.md): mutual TLS always, many calls at a time on a connection.
struct FrameListener: Sendable {
    typealias Connection = NIOAsyncChannel<Frame, Frame>
    typealias Writer = NIOAsyncChannelOutboundWriter<Frame>

    private let server: NIOAsyncChannel<Connection, Never>
    private let door: PlatformDoor

    var port: Int { server.channel.localAddress?.port ?? 0 }

    static func bind(
        host: String, port: Int, certificate: ServerCertificate, door: PlatformDoor
    ) async throws -> FrameListener {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: certificate.context(.required)))
                    try pipeline.addHandler(ByteToMessageHandler(FrameDecoder()))
                    try pipeline.addHandler(MessageToByteHandler(FrameEncoder()))
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return FrameListener(server: server, door: door)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter refused: told of connections that ended in the handshake, with the reason.
    func run(refused: @escaping @Sendable (String) -> Void) async throws {
        try await server.executeThenClose { inbound in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in inbound { group.addTask { await serve(connection, refused) } }
            }
        }
    }

    /// For a listener that is never run.
    func close() async { try? await server.executeThenClose { _ in } }

    private func serve(_ connection: Connection, _ refused: @Sendable (String) -> Void) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                try await withThrowingDiscardingTaskGroup { group in
                    var certificate: String?
                    for try await frame in inbound {
                        if certificate == nil {
                            certificate = try await connection.channel.clientCertificate()
                        }
                        if frame.infno == Frame.hello {
                            try await outbound.write(frame.response(body: []))
                            continue
                        }
                        group.addTask { [certificate] in
                            try await answer(frame, outbound, connection.channel, certificate)
                        }
                    }
                }
            }
        } catch let error as NIOSSLError {
            refused("\(error)")
        } catch let error as BoringSSLError {
            refused("\(error)")
        } catch {
            // Cut off, by the client or by a fault: the ledger shows what was carried out.
            return
        }
    }

    private func answer(
        _ frame: Frame, _ outbound: Writer, _ channel: any Channel, _ certificate: String?
    ) async throws {
        let start = ContinuousClock.now
        var record = TrafficRecord(at: door.time.now, face: "frame", target: "frame \(frame.infno)")
        record.checks.append(
            TrafficCheck("tls", .passed, "client certificate verified: \(certificate ?? "none")"))
        let carried = await carry(frame, &record)
        var status = 200
        // Also when the client has left meanwhile.
        defer { door.note(record, status: status, since: start) }
        switch carried {
        case .answer(let bytes):
            try await outbound.write(frame.response(body: bytes))
            if record.faults.contains(Fault.Kind.duplicate.rawValue) {
                try await outbound.write(frame.response(body: bytes))
            }
        case .half, .lost:
            status = 0
            channel.close(promise: nil)
        case .failed(let code):
            status = code
            try await outbound.write(frame.response(FrameError(.serverError, "sandbox fault")))
        case .refused(let refusal):
            status = Int(refusal.status.code)
            let code: FrameError.Code = refusal.isUnauthorized ? .unauthorized : .badRequest
            try await outbound.write(frame.response(FrameError(code, refusal.detail)))
        }
    }

    /// A frame has no header fields: of the profiles only `envelope` can sign it.
    private func carry(_ frame: Frame, _ record: inout TrafficRecord) async -> CarriedCall {
        let head = HTTPRequest(method: .post, scheme: "https", authority: nil, path: "/frame")
        let message = HTTPMessage(head, body: frame.body)
        let addressed = BusinessDesk.base(frame.infno)
        let header = frame.credential.map { "Bearer \($0)" }
        guard (try? RequestVerifier.profile(of: message)) != nil else {
            record.checks.append(TrafficCheck("signature", .skipped, "frames carry no header fields"))
            return await door.carry(frame.body, addressed: addressed, authorization: header, &record)
        }
        do {
            return await door.carry(
                try door.requireSignature(message, &record), addressed: addressed, authorization: header,
                &record)
        } catch { return .refused(error) }
    }
}
