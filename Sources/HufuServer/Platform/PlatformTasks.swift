import AuditLog
import Foundation
package import InsurancePlatform
import Storage

extension Authority {
    /// Opens tasks that aren't open or decided yet, each with its entry.
    func open(_ tasks: [PlatformTask]) async throws {
        if tasks.isEmpty { return }
        let call = try systemCall()
        let opened = try await store.write { transaction in
            var opened = 0
            for task in tasks where try transaction.open(task) {
                opened += 1
                try log(transaction, task, "platform_task.opened", "open", call)
            }
            return opened
        }
        if opened > 0 { committed() }
    }

    func log(
        _ transaction: Transaction, _ task: PlatformTask, _ event: String, _ action: String, _ call: Call
    ) throws {
        var record = Record(subject: "task")
        if task.id > 0 { record.subject.id = String(task.id) }
        record.data = ["statement": .string(task.key.description), "kind": .string(task.kind.rawValue)]
        record.data["msgid"] = task.msgid.map { .string($0) }
        record.data["setl_id"] = task.setlID.map { .string($0) }
        record.data["decision"] = task.decision.map { .string($0.rawValue) }
        try append(transaction, entry(record, .success, nil, call, event, action, [:], clock()))
    }

    package func platformTasks(_ state: PlatformTask.State?, _ page: Page) async throws -> [PlatformTask] {
        try await store.read { try $0.tasks(state, after: max(0, page.index), limit: page.limit) }
    }
}

extension Resolver {
    /// A person decides on a task. What the platform's people say of an open call is written into the journal;
    /// a reversal is sent.
    package func decide(_ id: Int, _ decision: PlatformTask.Decision, by call: Call) async throws
        -> PlatformTask
    {
        let authority = settlements.authority
        guard let task = try await authority.store.read({ try $0.task(id: id) }) else {
            throw InputError.notFound("task")
        }
        guard task.state == .open else { throw InputError.conflict("the task is closed") }
        if decision != .done { try await act(on: task, decision, call) }
        let now = settlements.now
        let decided = try await authority.store.write { [authority] transaction in
            // What was done may have closed it.
            guard var task = try transaction.task(id: id) else { throw InputError.notFound("task") }
            task.state = .done
            task.decision = decision
            task.decidedBy = try call.person().lowercased
            task.decidedAt = now
            try transaction.update(task)
            try authority.log(transaction, task, "platform_task.decided", "decide", call)
            return task
        }
        authority.committed()
        return decided
    }

    private func act(on task: PlatformTask, _ decision: PlatformTask.Decision, _ call: Call) async throws {
        guard let msgid = task.msgid else {
            throw InputError.conflict("the journal has no such call: only “done” can be decided")
        }
        let isDone = try await settlements.claiming(msgid) { () -> Bool in
            guard
                let stored = try await settlements.authority.store.read({ try $0.settlement(msgid: msgid) })
            else { throw InputError.conflict("the journal has no such call: only “done” can be decided") }
            do {
                if decision == .reverse {
                    try await reverse(stored, call)
                } else {
                    try await write(stored, decision, call)
                }
            } catch is JournalEntry.IllegalStep {
                throw InputError.conflict("the call is \(stored.entry.state.rawValue)")
            }
            return true
        }
        guard isDone != nil else { throw InputError.conflict("the call is being resolved; try again") }
    }

    private func reverse(_ stored: StoredSettlement, _ call: Call) async throws {
        let site = try settlements.site(stored.entry.fixmedinsCode)
        let (entry, _) = try await settlements.carryReversal(
            stored, try settlements.reversalCall(stored, site), site, by: call)
        guard entry.state == .reversed else {
            throw InputError.conflict(
                "the reversal is not accepted: \(entry.reason ?? entry.state.rawValue)")
        }
    }

    private func write(
        _ stored: StoredSettlement, _ decision: PlatformTask.Decision, _ call: Call
    ) async throws {
        var entry = stored.entry
        let now = settlements.now
        let isSettled = decision == .settled
        if entry.state == .reversing {
            try entry.take(isSettled ? .reversalVoid : .reversalAccepted, at: now)
        }
        if entry.state == .unknown { try entry.take(isSettled ? .found : .absent, at: now) }
        guard entry.state != stored.entry.state else {
            throw InputError.conflict("the call is \(entry.state.rawValue), and not open")
        }
        entry.reason = "decided_by_person"
        try await settlements.save(entry, "settlement.resolved", "decide", by: call)
    }
}
