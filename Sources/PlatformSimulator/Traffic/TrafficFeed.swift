import Synchronization

/// The latest requests, and whoever watches them come.
final class TrafficFeed: Sendable {
    private static let kept = 512
    private static let mostWatchers = 16

    private struct State {
        var count = 0
        /// A ring: the record number `n` lies at `n % kept`.
        var records: [TrafficRecord] = []
        var watchers: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var nextWatcher = 0
    }

    private let state = Mutex(State())

    func add(_ record: TrafficRecord) {
        state.withLock { state in
            var record = record
            record.id = state.count
            if state.records.count < Self.kept {
                state.records.append(record)
            } else {
                state.records[state.count % Self.kept] = record
            }
            state.count += 1
            guard !state.watchers.isEmpty else { return }
            let event = Array("data: \(record.json.text)\n\n".utf8)
            for watcher in state.watchers.values { watcher.yield(event) }
        }
    }

    /// The oldest first.
    func latest(_ limit: Int) -> [TrafficRecord] {
        state.withLock { state in
            let all = state.records.sorted { $0.id < $1.id }
            return Array(all.suffix(max(limit, 0)))
        }
    }

    var count: Int { state.withLock { $0.count } }

    /// Server-sent events from now on. A slow watcher misses some; when too many watch, the one that has watched
    /// longest is let go: a page that was closed is noticed only when something is sent to it.
    func watch() -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingNewest(256))
        let (number, oldest) = state.withLock { state in
            let isFull = state.watchers.count >= Self.mostWatchers
            let oldest = isFull ? state.watchers.keys.min() : nil
            let number = state.nextWatcher
            state.nextWatcher += 1
            state.watchers[number] = continuation
            return (number, oldest.flatMap { state.watchers.removeValue(forKey: $0) })
        }
        oldest?.finish()
        // Something at once, so that the page knows that it is connected.
        continuation.yield(Array(": sandbox\n\n".utf8))
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        return stream
    }

    /// Ends all who watch, so that their connections can end.
    func close() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            return state.watchers.values.map { $0 }
        }
        for watcher in watchers { watcher.finish() }
    }
}
