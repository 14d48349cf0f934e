internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Notes how the handshake ends and closes the connection; behind the TLS handler.
final class TLSProbeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// A TLS 1.3 server refuses a client certificate, or its absence, only after the client's side is complete.
    private static let graceForRefusal = TimeAmount.seconds(1)

    private let record: TLSProbeRecord

    init(_ record: TLSProbeRecord) { self.record = record }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            let version = handler?.tlsVersion
            record.update {
                $0.isComplete = true
                $0.version = version
            }
            if record.outcome.isCertificateAsked {
                let channel = context.channel
                context.eventLoop.scheduleTask(in: Self.graceForRefusal) { channel.close(promise: nil) }
            } else {
                context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let end = Self.end(error)
        record.update { outcome in
            // After a whole handshake only an alert says something: an unclean end is no fault of TLS.
            guard let end, outcome.end == nil else { return }
            if case .failed = end { outcome.end = end } else if !outcome.isComplete { outcome.end = end }
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        record.update { if !$0.isComplete, $0.end == nil { $0.end = .closed } }
        context.fireChannelInactive()
    }

    private static func end(_ error: any Error) -> TLSProbeOutcome.End? {
        switch error {
        case NIOSSLError.handshakeFailed(let error), NIOSSLError.shutdownFailed(let error): end(error)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: .otherName
        case BoringSSLError.sslError(let stack), BoringSSLError.unknownError(let stack):
            stack.contains(.eofDuringHandshake) ? .closed : .failed(Set(stack.compactMap(reason)))
        case is NIOSSLError, is NIOSSLCloseTimedOutError: nil
        default: .closed
        }
    }

    /// `error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION at …` by its last field.
    private static func reason(_ error: BoringSSLInternalError) -> String? {
        let parts = error.description.split(separator: ":")
        guard let mark = parts.firstIndex(of: "OPENSSL_internal"), mark + 1 < parts.count else { return nil }
        return String(parts[mark + 1].prefix { $0 != " " })
    }
}

/// Keeps the first bytes that come over the wire; before the TLS handler.
final class FirstBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let kept = 64
    private let record: TLSProbeRecord

    init(_ record: TLSProbeRecord) { self.record = record }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView.prefix(Self.kept))
        record.update { if $0.firstBytes.count < Self.kept { $0.firstBytes += bytes } }
        context.fireChannelRead(data)
    }
}
