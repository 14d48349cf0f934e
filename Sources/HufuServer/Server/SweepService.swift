import Logging
import ServiceLifecycle

/// Sweeps at start-up and then every interval.
struct SweepService: Service {
    let authority: Authority
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await authority.sweep()
                    if count > 0 { logger.info("codes expired", metadata: ["count": "\(count)"]) }
                } catch {
                    logger.error("the sweep failed and is repeated", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
