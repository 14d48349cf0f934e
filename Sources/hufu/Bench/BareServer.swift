import Hummingbird
import Logging

/// A router of Hummingbird's on a free port and nothing else: the yardstick of what runs over HTTP.
func bareServer(
    _ router: Router<BasicRequestContext>, _ onRunning: @escaping @Sendable (Int) async -> Void
) -> some ApplicationProtocol {
    var logger = Logger(label: "bare") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    return Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { await onRunning($0.localAddress?.port ?? 0) }, logger: logger)
}
