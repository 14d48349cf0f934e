import Logging
import ServiceLifecycle
import Storage

/// Keeps the index of the log's entries at most about a second behind, in parts that don't hold up the writer.
struct EntryIndexService: Service {
    private static let interval = Duration.seconds(1)
    private static let largestPart = 16_384

    let store: Store
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await store.write { try $0.indexEntries(limit: Self.largestPart) }
                    if count == Self.largestPart { continue }
                } catch {
                    // Searches stay right meanwhile: they scan what is not indexed.
                    logger.error("indexing the log failed and is repeated", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
