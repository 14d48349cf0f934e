import Logging
import ServiceLifecycle
import Storage

/// Does its work at start-up and then every interval. Work that fails is told and done again in its turn.
struct RepeatedService: Service {
    let name: String
    let interval: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await work() } catch {
                    logger.error("\(name) failed and is repeated", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}

extension RepeatedService {
    /// The sweep of codes whose time has passed.
    static func sweep(_ authority: Authority, every interval: Duration, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "the sweep", interval: interval, logger: logger) {
            let count = try await authority.sweep()
            if count > 0 { logger.info("codes expired", metadata: ["count": "\(count)"]) }
        }
    }

    static func nonces(_ gateway: Gateway, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "forgetting old nonces", interval: .seconds(60), logger: logger) {
            try await gateway.removeOldNonces()
        }
    }

    /// Keeps the index of the log's entries about a second behind, in parts that are soon done, with pauses between them:
    /// calls that wait for a core wait no longer than for one.
    /// When it fails searches stay right: they scan what is not indexed.
    static func entryIndex(_ authority: Authority, _ logger: Logger) -> RepeatedService {
        let largestPart = 512
        return RepeatedService(name: "indexing the log", interval: .seconds(1), logger: logger) {
            let store = authority.store
            while try await store.indexEntries(limit: largestPart) == largestPart, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
