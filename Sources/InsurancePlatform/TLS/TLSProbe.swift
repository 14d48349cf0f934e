internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// One TLS handshake with a server, to see how far it goes. No byte of data is sent, and a chain is never accepted
/// that full verification does not accept: to look at one, the handshake is broken off once the chain has come.
struct TLSProbe {
    enum Aim: Sendable {
        /// See the chain as it is served, and break off.
        case look
        /// The same, offering only TLS 1.0 and 1.1.
        case lookWithOldVersions
        /// The handshake that a client makes, with full verification and the client certificate.
        case connect
    }

    let address: SocketAddress
    /// Nil to send no name: an address is none (RFC 6066, 3).
    let serverName: String?
    let options: TLSExaminationOptions

    func run(_ aim: Aim) async -> TLSProbeOutcome {
        let record = TLSProbeRecord()
        do {
            let context = try NIOSSLContext(configuration: configuration(aim, record))
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.milliseconds(options.connectTimeout))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers([
                            FirstBytes(record), try handler(aim, context, record), TLSProbeWatch(record),
                        ])
                    }
                }
                .connect(to: address).get()
            let timeout = channel.eventLoop.scheduleTask(in: .milliseconds(options.handshakeTimeout)) {
                record.update { if !$0.isComplete { $0.end = .timeout } }
                channel.close(promise: nil)
            }
            try? await channel.closeFuture.get()
            timeout.cancel()
        } catch {
            record.update { $0.connectFailure = $0.connectFailure ?? TLSConnectFailure(error) }
        }
        return record.outcome
    }

    private func configuration(_ aim: Aim, _ record: TLSProbeRecord) -> TLSConfiguration {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.certificateVerification = .fullVerification
        settings.trustRoots = .certificates(options.roots)
        settings.shutdownTimeout = .seconds(1)
        settings.minimumTLSVersion = .tlsv12
        switch aim {
        case .look: break
        case .lookWithOldVersions:
            settings.minimumTLSVersion = .tlsv1
            settings.maximumTLSVersion = .tlsv11
        case .connect:
            settings.certificateChain = options.chain.map { .certificate($0) }
            settings.privateKey = options.key.map { .privateKey($0) }
            // Called when the server asks for a certificate, which comes after its own was verified.
            settings.sslContextCallback = { _, promise in
                record.update { $0.isCertificateAsked = true }
                promise.succeed(.noChanges)
            }
        }
        return settings
    }

    private func handler(
        _ aim: Aim, _ context: NIOSSLContext, _ record: TLSProbeRecord
    ) throws -> NIOSSLClientHandler {
        switch aim {
        case .connect: try NIOSSLClientHandler(context: context, serverHostname: serverName)
        case .look, .lookWithOldVersions:
            try NIOSSLClientHandler(context: context, serverHostname: serverName) {
                (chain: [NIOSSLCertificate], promise: EventLoopPromise<NIOSSLVerificationResult>) in
                let served = chain.compactMap { try? $0.toDERBytes() }
                record.update {
                    $0.chain = served
                    $0.end = .broken
                }
                promise.succeed(NIOSSLVerificationResult.failed)
            }
        }
    }
}

/// What the handlers of one probe saw.
final class TLSProbeRecord: Sendable {
    private let state = Mutex(TLSProbeOutcome())

    var outcome: TLSProbeOutcome { state.withLock { $0 } }

    func update(_ change: (inout TLSProbeOutcome) -> Void) { state.withLock { change(&$0) } }
}
