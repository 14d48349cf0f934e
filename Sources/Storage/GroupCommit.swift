import GRDB
import Synchronization

/// Group commit: closures that wait together share one transaction and one fsync, each in its own savepoint,
/// so that one that throws rolls back alone.
///
/// `state` owns the queue of waiting jobs. `draining` is true exactly while a block that will take from the
/// queue is scheduled or running on the writer's own dispatch queue; nobody else runs jobs.
final class GroupCommit: Sendable {
    struct Job: Sendable {
        /// Does the work, and returns what delivers its answer once the transaction is durable.
        let work: @Sendable (Transaction) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var draining = false
    }

    /// More would make the first of a batch wait longer than an fsync takes.
    static let largestBatch = 512

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(writer: any DatabaseWriter) { self.writer = writer }

    func submit(_ job: Job) {
        let mustStart = state.withLock { state in
            state.waiting.append(job)
            defer { state.draining = true }
            return !state.draining
        }
        if mustStart {
            writer.asyncWriteWithoutTransaction { database in self.drain(database) }
        }
    }

    private func drain(_ database: Database) {
        while let batch = nextBatch() { commit(batch, database) }
    }

    private func nextBatch() -> [Job]? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.draining = false
                return nil
            }
            let batch = Array(state.waiting.prefix(Self.largestBatch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [Job], _ database: Database) {
        var outcomes: [Result<@Sendable () -> Void, any Error>] = []
        do {
            try database.perform("BEGIN IMMEDIATE")
            for job in batch { outcomes.append(try attempt(job, database)) }
            try database.perform("COMMIT")
        } catch {
            if database.isInsideTransaction { try? database.perform("ROLLBACK") }
            for job in batch { job.fail(StorageError.translated(error)) }
            return
        }
        for (job, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .success(let answer): answer()
            case .failure(let error): job.fail(error)
            }
        }
    }

    /// Runs one job in its savepoint. Throws only when the whole transaction is gone, as SQLite ends it
    /// when the disk is full or failing: then nobody's work stands.
    private func attempt(
        _ job: Job, _ database: Database
    ) throws -> Result<@Sendable () -> Void, any Error> {
        try database.perform("SAVEPOINT job")
        do {
            let answer = try job.work(Transaction(database: database))
            try database.perform("RELEASE job")
            return .success(answer)
        } catch {
            guard database.isInsideTransaction else { throw error }
            try database.perform("ROLLBACK TO job")
            try database.perform("RELEASE job")
            return .failure(StorageError.translated(error))
        }
    }
}

extension Database {
    fileprivate func perform(_ sql: String) throws { try cachedStatement(sql: sql).execute() }
}
