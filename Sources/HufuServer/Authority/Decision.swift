import ActivationCodes
package import AuditLog
import Crypto
import Foundation
import Storage

/// Something an answer can show as JSON.
package protocol Representable: Sendable {
    var json: JSON { get }
}

/// A request that was carried out before: its kept answer.
package struct Replay: Error {
    package let status: Int
    package let answer: JSON
}

extension Authority {
    /// The one way to decide. In one durable transaction: load and decide (`body`), write the state, its audit
    /// entry and the kept answer of a repeatable request. A refusal is a decision too and is logged the same
    /// way; what `body` wrote before it refused stands, such as a challenge that is used up.
    func decide<Answer: Representable>(
        _ call: Call, _ event: String, _ action: String, subject: String, personal: [String: JSON] = [:],
        status: Int = 200,
        _ body: @escaping @Sendable (Transaction, inout Record) throws -> Result<Answer, Refusal>
    ) async throws -> Answer {
        try await decideIndexed(
            call, event, action, subject: subject, personal: personal, status: status, body
        ).answer
    }

    /// The same, telling also the index of the entry in the log.
    func decideIndexed<Answer: Representable>(
        _ call: Call, _ event: String, _ action: String, subject: String, personal: [String: JSON] = [:],
        status: Int = 200,
        _ body: @escaping @Sendable (Transaction, inout Record) throws -> Result<Answer, Refusal>
    ) async throws -> (answer: Answer, index: Int) {
        let nanoseconds = clock()
        let commitments = try await self.personal.commit(
            personal.merging(call.personal) { $1 }, call, at: Date(unixMilliseconds: nanoseconds / 1_000_000))
        let decided = try await store.write(
            transaction(call, event, action, subject, status, nanoseconds, commitments, body))
        return try finish(decided, event)
    }

    /// The same for a caller without a task: `then` is called behind the commit, on a thread of the store's.
    func decideIndexed<Answer: Representable>(
        _ call: Call, _ event: String, _ action: String, subject: String, _ dataKey: PersonalVault.DataKey,
        _ body: @escaping @Sendable (Transaction, inout Record) throws -> Result<Answer, Refusal>,
        then: @escaping @Sendable (Result<(answer: Answer, index: Int), any Error>) -> Void
    ) throws {
        let nanoseconds = clock()
        let commitments = try personal.commit(call.personal, call, dataKey)
        store.submit(
            transaction(call, event, action, subject, 200, nanoseconds, commitments, body)
        ) { outcome in
            then(Result { try finish(try outcome.get(), event) })
        }
    }

    private typealias Decided<Answer> = (result: Result<Answer, Refusal>, index: Int)

    private func transaction<Answer: Representable>(
        _ call: Call, _ event: String, _ action: String, _ subject: String, _ status: Int,
        _ nanoseconds: Int64,
        _ commitments: PersonalVault.Commitments,
        _ body: @escaping @Sendable (Transaction, inout Record) throws -> Result<Answer, Refusal>
    ) -> @Sendable (Transaction) throws -> Decided<Answer> {
        let now = Date(unixMilliseconds: nanoseconds / 1_000_000)
        return { transaction in
            try replayIfKept(transaction, call, now)
            var record = Record(subject: subject)
            let result = try body(transaction, &record)
            let entry = entry(
                record, result.failure, call, event, action, commitments.values, nanoseconds)
            let index = try append(transaction, entry, commitments)
            switch result {
            case .success(let answer): try keep(transaction, call, status, answer.json, now)
            case .failure(let refusal):
                try keep(transaction, call, refusal.status, refusal.problem(call.requestID), now)
            }
            return (result, index)
        }
    }

    private func finish<Answer>(
        _ decided: Decided<Answer>, _ event: String
    ) throws -> (answer: Answer, index: Int) {
        committed()
        counters.decided(event, decided.result.failure?.reason.rawValue)
        return (try decided.result.get(), decided.index)
    }

    func entry(
        _ record: Record, _ refusal: Refusal?, _ call: Call, _ event: String, _ action: String,
        _ commitments: [String: Data], _ nanoseconds: Int64
    ) -> AuditEntry {
        var record = record
        if let refusal, refusal.checks.count > 1 {
            record.data["failed_checks"] = JSON(refusal.checks.map(\.code.rawValue))
        }
        return entry(
            record, refusal == nil ? .success : .refused, refusal?.reason.rawValue, call, event, action,
            commitments, nanoseconds)
    }

    /// The entry of a decision whose reason is not a code's.
    func entry(
        _ record: Record, _ outcome: AuditEntry.Outcome, _ reason: String?, _ call: Call, _ event: String,
        _ action: String, _ commitments: [String: Data], _ nanoseconds: Int64
    ) -> AuditEntry {
        AuditEntry(
            unixNanoseconds: nanoseconds, severity: outcome == .success ? 6 : 4, event: event, action: action,
            outcome: outcome, reason: reason,
            actor: call.actor, origin: AuditEntry.Origin(door: call.door), subject: record.subject,
            applicationID: record.applicationID, requestID: call.requestID, traceID: call.traceID,
            serialNumber: record.serialNumber, policyReferences: record.policyReferences,
            data: .object(record.data), commitments: commitments)
    }

    /// Appends an entry in the transaction of its state change.
    @discardableResult
    func append(
        _ transaction: Transaction, _ entry: AuditEntry, _ commitments: PersonalVault.Commitments? = nil
    ) throws -> Int {
        let bytes = try entry.checkedBytes()
        #if DEBUG
            let violations = AuditEntry.violations(of: try JSON(parsing: bytes))
            precondition(violations.isEmpty, "an entry breaks its schema: \(violations)")
        #endif
        return try transaction.append(
            Data(bytes),
            keys: EntryKeys(
                at: Date(unixMilliseconds: entry.unixNanoseconds / 1_000_000), event: entry.event,
                outcome: entry.outcome.rawValue, subjectID: entry.subject.id,
                applicationID: entry.applicationID),
            payload: commitments?.payload, payloadKey: commitments?.keyID)
    }

    // MARK: Repeatable requests

    /// How long an `Idempotency-Key` is remembered.
    static let answersAreKept: TimeInterval = 24 * 3600

    private func replayIfKept(_ transaction: Transaction, _ call: Call, _ now: Date) throws {
        guard let repeatable = call.repeatable,
            let kept = try transaction.keptAnswer(
                scope: call.scope, key: repeatable.key, after: now.addingTimeInterval(-Self.answersAreKept))
        else { return }
        guard kept.request == repeatable.request else { throw InputError.idempotencyKeyReused }
        let answer = try keys.answers.open(kept.answer, context: Data(call.scope.utf8))
        throw Replay(status: kept.status, answer: try JSON(parsing: Array(answer)))
    }

    private func keep(
        _ transaction: Transaction, _ call: Call, _ status: Int, _ answer: @autoclosure () -> JSON,
        _ now: Date
    ) throws {
        guard let repeatable = call.repeatable else { return }
        let sealed = try keys.answers.seal(Data(answer().canonical()), context: Data(call.scope.utf8))
        try transaction.keep(
            KeptAnswer(request: repeatable.request, status: status, answer: sealed), scope: call.scope,
            key: repeatable.key, at: now, replacingUntil: now.addingTimeInterval(-Self.answersAreKept))
    }
}

extension Result where Failure == Refusal {
    var failure: Refusal? {
        if case .failure(let refusal) = self { refusal } else { nil }
    }
}

extension Call {
    /// The personal fields of every call.
    var personal: [String: JSON] {
        var fields: [String: JSON] = [:]
        if let address { fields["origin.address"] = .string(address.description) }
        if let userAgent { fields["origin.user_agent"] = .string(userAgent) }
        if let opter { fields["opter"] = .string(opter) }
        return fields
    }

    var actor: AuditEntry.Actor {
        switch caller {
        case .anonymous: AuditEntry.Actor(kind: .anonymous, id: nil)
        case .person(let id, _, _): AuditEntry.Actor(kind: .operator, id: id.lowercased)
        case .device(let id, _): AuditEntry.Actor(kind: .device, id: id.lowercased)
        case .system: AuditEntry.Actor(kind: .system, id: nil)
        }
    }
}
