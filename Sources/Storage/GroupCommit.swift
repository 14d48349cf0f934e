import Dispatch
import GRDB
import Synchronization

/// Group commit: closures that wait together share one transaction and one fsync; one that throws rolls back
/// alone.
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

    /// So few are answered by the writer itself: to wake another thread takes longer.
    private static let fewAnswers = 8

    private let writer: any DatabaseWriter
    /// Many answers take as long as the commit that they wait for: here the writer begins the next one meanwhile.
    private let answers = DispatchQueue(label: "hufu answers")
    private let folding: JournalFolding
    private let state = Mutex(State())
    private let cache = RowCache()

    init(writer: any DatabaseWriter, folding: JournalFolding) {
        self.writer = writer
        self.folding = folding
    }

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

    private typealias Outcome = Result<@Sendable () -> Void, any Error>

    /// One job threw after it had written: the batch is done again, each job in its savepoint.
    private struct NeedsSavepoints: Error {}

    private func commit(_ batch: [Job], _ database: Database) {
        var outcomes: [Outcome]
        do {
            do {
                outcomes = try run(batch, database, attempt)
            } catch is NeedsSavepoints {
                outcomes = try run(batch, database, attemptInSavepoint)
            }
        } catch {
            for job in batch { job.fail(StorageError.translated(error)) }
            return
        }
        if batch.count < Self.fewAnswers {
            Self.deliver(outcomes, of: batch)
        } else {
            answers.async { [outcomes] in Self.deliver(outcomes, of: batch) }
        }
        folding.committed(database)
    }

    private static func deliver(_ outcomes: [Outcome], of batch: [Job]) {
        for (job, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .success(let answer): answer()
            case .failure(let error): job.fail(error)
            }
        }
    }

    /// Runs the batch in one transaction, durable when this returns; when it throws, nobody's work stands.
    private func run(
        _ batch: [Job], _ database: Database, _ attempt: (Job, Database) throws -> Outcome
    ) throws -> [Outcome] {
        do {
            try database.perform("BEGIN IMMEDIATE")
            cache.begin(version: try database.version())
            let outcomes = try batch.map { try attempt($0, database) }
            try database.perform("COMMIT")
            return outcomes
        } catch {
            if database.isInsideTransaction { try? database.perform("ROLLBACK") }
            throw error
        }
    }

    /// Nearly every job either succeeds or throws before it writes; then no savepoint is needed, which is a
    /// third of a small transaction's cost.
    private func attempt(_ job: Job, _ database: Database) throws -> Outcome {
        let changes = database.totalChangesCount
        do {
            return .success(try job.work(Transaction(database: database, cache: cache)))
        } catch {
            guard database.isInsideTransaction else { throw error }
            guard database.totalChangesCount == changes else { throw NeedsSavepoints() }
            return .failure(StorageError.translated(error))
        }
    }

    /// Throws only when the whole transaction is gone, as SQLite ends it when the disk is full or failing.
    private func attemptInSavepoint(_ job: Job, _ database: Database) throws -> Outcome {
        try database.perform("SAVEPOINT job")
        do {
            let answer = try job.work(Transaction(database: database, cache: cache))
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

    /// Another one after another connection has committed.
    fileprivate func version() throws -> Int {
        try Int.fetchOne(cachedStatement(sql: "PRAGMA data_version")) ?? 0
    }
}
