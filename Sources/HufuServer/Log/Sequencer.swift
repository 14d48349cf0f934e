package import AuditLog
import Dispatch
import Foundation
package import Logging
import ServiceLifecycle
package import Storage
import Synchronization

/// Folds committed entries into the tree and publishes signed checkpoints. They gather for at most `window`, less when
/// `largestStep` of them come after a pause; then a step takes all that wait. When nothing happens there is a heartbeat
/// entry, so that silence is provable.
///
/// It alone writes the log's directory. The order of a step is what makes a crash at any byte harmless: tiles
/// first (fsync), then the checkpoint by compare-and-swap in the database, then the checkpoint's file. A step
/// that fails half-way is done again from the stored checkpoint; two sequencers can't both swap.
package actor Sequencer: Service {
    package struct Configuration: Sendable {
        package var directory: String
        package var origin: String
        package var heartbeat: Duration = .seconds(600)
        /// How long entries gather before a step.
        package var window: Duration = .milliseconds(80)
        package var retry: Duration = .seconds(1)

        package init(directory: String, origin: String) {
            self.directory = directory
            self.origin = origin
        }
    }

    /// The log is not what the database says, or another sequencer signed: going on could fork it.
    package enum Fatal: Error, Equatable {
        case anotherSequencer
        case ahead(of: Int)
    }

    static let largestStep = 256
    /// Steps that make one checkpoint when many entries wait.
    private static let stepsAtOnce = 16

    private let store: Store
    private let configuration: Configuration
    private let signer: NoteSigner
    private let clock: @Sendable () -> Int64
    private let logger: Logger
    private let tiles: DirectoryTiles
    /// File writes and fsync block: they run here, not in the cooperative pool.
    private let files = DispatchQueue(label: "hufu.log")
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private var builder = TreeBuilder()
    private var checkpoint: StoredCheckpoint?
    private var lastGathered = ContinuousClock.now
    private let published = Mutex<StoredCheckpoint?>(nil)
    private let failing = Mutex(false)
    /// Commits since the last step, as a hint to when one is due.
    private let noted = Atomic(0)

    package init(
        store: Store, configuration: Configuration, signer: NoteSigner,
        clock: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.signer = signer
        self.clock = clock
        self.logger = logger
        tiles = DirectoryTiles(directory: configuration.directory)
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The checkpoint that outsiders can read now.
    package nonisolated var latest: StoredCheckpoint? { published.withLock { $0 } }

    /// The last step failed, or the log stopped for good: entries wait, durable but not yet in the tree.
    package nonisolated var isFailing: Bool { failing.withLock { $0 } }

    /// There is something to sequence. Cheap; called behind every commit.
    package nonisolated func notify() {
        noted.add(1, ordering: .relaxed)
        waker.yield()
    }

    /// Continues the tree from the stored checkpoint, or signs that of the empty tree.
    package func resume() async throws {
        checkpoint = try await store.read { try $0.checkpoint() }
        if let checkpoint {
            builder = try await TreeBuilder(head: checkpoint.head, reader: tiles)
            let entries = try await store.read { try $0.entryCount() }
            guard entries >= checkpoint.head.size else { throw Fatal.ahead(of: entries) }
            try await publish(checkpoint)
        } else {
            try await writeVerifierKey()
            try await sign(builder.head)
        }
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await loop()
        } onGracefulShutdown: {
            self.waker.finish()
        }
        // What was committed before the end is still sequenced.
        if fatal == nil { while try await step() > 0 {} }
        if let fatal { throw fatal }
    }

    private var fatal: (any Error)?

    private func loop() async {
        async let ticks: Void = tick()
        for await _ in wake {
            do {
                try await gather()
                var count = try await step()
                if count == 0 {
                    try await beatIfDue()
                    count = try await step()
                }
                failing.withLock { $0 = false }
                if count == Self.largestStep * Self.stepsAtOnce { notify() }
            } catch let error as Fatal {
                logger.critical("the log stops", metadata: ["error": "\(error)"])
                fatal = error
                failing.withLock { $0 = true }
                break
            } catch is CancellationError {
                break
            } catch {
                // Entries wait, durable, until the disk is well again.
                failing.withLock { $0 = true }
                logger.error("a log step failed and is repeated", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: configuration.retry)
                notify()
            }
        }
        waker.finish()
        await ticks
    }

    /// Wakes the loop now and then: for heartbeats, and for entries that another process committed.
    private func tick() async {
        while fatal == nil, !Task.isCancelled, !Task.isShuttingDownGracefully {
            try? await Task.sleep(for: .milliseconds(500))
            if case .terminated = waker.yield() { return }
        }
    }

    /// Lets entries come together: until the window is over, or until enough were noted to fill a step. A step
    /// costs several fsyncs, however small it is: under load there is one in a window.
    private func gather() async throws {
        let end = ContinuousClock.now + configuration.window
        let soonest = lastGathered + configuration.window
        defer { lastGathered = .now }
        while ContinuousClock.now < (noted.load(ordering: .relaxed) < Self.largestStep ? end : soonest) {
            try await Task.sleep(for: .milliseconds(10))
        }
        noted.store(0, ordering: .relaxed)
    }

    /// Sequences what waits and publishes one checkpoint; answers how many entries it took.
    @discardableResult
    package func step() async throws -> Int {
        let from = builder.head.size
        let entries = try await store.read {
            try $0.entries(from: from, limit: Self.largestStep * Self.stepsAtOnce)
        }
        guard !entries.isEmpty else { return 0 }
        let before = builder
        do {
            let step = builder.append(entries.map { Array($0.body) })
            try await write(step)
            try await sign(builder.head)
        } catch {
            builder = before
            throw error
        }
        return entries.count
    }

    /// After a silence an entry tells that it was one: an unchanged checkpoint alone would carry no time.
    private func beatIfDue() async throws {
        let now = clock()
        guard let checkpoint, now / 1_000_000 - checkpoint.signedAt.unixMilliseconds >= heartbeatMilliseconds
        else {
            return
        }
        let id = UUID().lowercased
        let entry = AuditEntry(
            unixNanoseconds: now, severity: 7, event: "log.heartbeat", action: "beat",
            actor: AuditEntry.Actor(kind: .system), origin: AuditEntry.Origin(door: "system"),
            subject: AuditEntry.Subject(kind: "log"), requestID: id, traceID: id.filter { $0 != "-" })
        let keys = EntryKeys(
            at: Date(unixMilliseconds: now / 1_000_000), event: entry.event, outcome: entry.outcome.rawValue,
            subjectID: nil, applicationID: nil)
        _ = try await store.write { try $0.append(Data(try entry.checkedBytes()), keys: keys) }
    }

    private var heartbeatMilliseconds: Int64 { configuration.heartbeat.components.seconds * 1000 }

    private func write(_ step: [TileFile]) async throws {
        let tiles = tiles
        try await onFiles {
            for file in step {
                try tiles.write(file.bytes, to: file.path)
                if file.supersedesPartials { try tiles.removePartials(of: file.path) }
            }
            try tiles.synchronize()
        }
    }

    /// Signs a head, swaps it in the database and then shows it. Its tiles must be durable.
    private func sign(_ head: TreeHead) async throws {
        let text = Checkpoint(origin: configuration.origin, head: head, extensions: []).text
        let note = try SignedNote.sign(text, by: [signer]).encoded
        let new = StoredCheckpoint(
            head: head, note: note, signedAt: Date(unixMilliseconds: clock() / 1_000_000))
        let old = checkpoint
        guard try await store.write({ try $0.swapCheckpoint(from: old, to: new) }) else {
            throw Fatal.anotherSequencer
        }
        checkpoint = new
        try await publish(new)
    }

    private func publish(_ checkpoint: StoredCheckpoint) async throws {
        let tiles = tiles
        try await onFiles {
            try tiles.write(Array(checkpoint.note.utf8), to: "checkpoint")
            try tiles.synchronize()
        }
        published.withLock { $0 = checkpoint }
    }

    private func writeVerifierKey() async throws {
        let tiles = tiles
        let text = signer.verifierKey.text + "\n"
        try await onFiles {
            try tiles.write(Array(text.utf8), to: "verifier.key")
            try tiles.synchronize()
        }
    }

    private func onFiles(_ work: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            files.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
