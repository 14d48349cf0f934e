import GRDB
import Synchronization

/// The platform's books in SQLite. What waits together shares one transaction and one fsync; an answer leaves
/// only behind the commit (`synchronous = FULL`).
///
/// `waiting` is touched under its lock alone; whoever finds it idle starts the one drain on the writer's queue.
final class Ledger: Sendable {
    private struct Job: Sendable {
        /// Answers what tells the caller, to be called behind the commit.
        let work: @Sendable (LedgerTransaction) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct Queue: Sendable {
        var jobs: [Job] = []
        var isDraining = false
    }

    private static let largestGroup = 128

    private let pool: DatabasePool
    private let waiting = Mutex(Queue())

    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        configuration.label = "sandbox"
        pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                throw SandboxError("\(path): PRAGMA synchronous is not FULL")
            }
        }
        try LedgerSchema.migrator.migrate(pool)
    }

    /// Durable when it returns. What the closure throws undoes its own writes and nobody else's.
    func write<Answer: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            submit(
                Job(
                    work: { transaction in
                        let answer = try body(transaction)
                        return { continuation.resume(returning: answer) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// One consistent snapshot, beside the writer.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Answer
    ) async throws -> Answer {
        try await pool.read { try body(LedgerTransaction(database: $0)) }
    }

    /// Folds the journal into the file, so that a copy of the one file is whole.
    func close() throws {
        try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try pool.close()
    }

    private func submit(_ job: Job) {
        let mustStart = waiting.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        if mustStart { pool.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ database: Database) {
        while let group = nextGroup() {
            for tell in commit(group, database) { tell() }
        }
    }

    private func nextGroup() -> [Job]? {
        waiting.withLock { queue in
            guard !queue.jobs.isEmpty else {
                queue.isDraining = false
                return nil
            }
            let group = Array(queue.jobs.prefix(Self.largestGroup))
            queue.jobs.removeFirst(group.count)
            return group
        }
    }

    /// What to tell each caller, once the group is durable or gone.
    private func commit(_ group: [Job], _ database: Database) -> [@Sendable () -> Void] {
        do {
            var tell: [@Sendable () -> Void] = []
            try database.inTransaction(.immediate) {
                for job in group { tell.append(try attempt(job, database)) }
                return .commit
            }
            return tell
        } catch {
            return group.map { job in { job.fail(error) } }
        }
    }

    private func attempt(_ job: Job, _ database: Database) throws -> @Sendable () -> Void {
        var outcome: (@Sendable () -> Void)?
        try database.inSavepoint {
            do {
                outcome = try job.work(LedgerTransaction(database: database))
                return .commit
            } catch {
                outcome = { job.fail(error) }
                return .rollback
            }
        }
        return outcome ?? {}
    }
}
