import AuditLog
import Foundation
import RequestSigning
import Storage

extension Authority {
    /// Writes the entry of a call that was refused before its code was asked; see `decideIndexed`.
    func logRefused(
        _ call: Call, _ reason: String, _ data: [String: JSON], code: UUID?, _ marks: BusinessMarks,
        _ dataKey: PersonalVault.DataKey,
        then: @escaping @Sendable (Result<Int, any Error>) -> Void
    ) throws {
        let nanoseconds = clock()
        var call = call
        call.opter = marks.opter
        let commitments = try personal.commit(call.personal, call, dataKey)
        store.submit { [call] transaction in
            var record = Record(subject: "call")
            if let code { record.subject = AuditEntry.Subject(kind: "code", id: code.lowercased) }
            record.serialNumber = marks.serialNumber
            record.data = data
            return try append(
                transaction,
                entry(
                    record, .refused, reason, call, "call.admitted", "call", commitments.values, nanoseconds),
                commitments)
        } then: { outcome in
            committed()
            counters.decided("call.admitted", reason)
            then(outcome)
        }
    }

    /// Writes how the platform answered an admitted call.
    ///
    /// - Parameter msgid: the one that the call went by, where the gateway gave it.
    func logAnswered(
        _ call: Call, _ admitted: AdmittedCall, outcome: AuditEntry.Outcome, reason: String?,
        msgid: String? = nil, _ data: [String: JSON]
    ) async throws {
        let nanoseconds = clock()
        var call = call
        call.opter = admitted.marks.opter
        let commitments = try await personal.commit(
            call.personal, call, at: Date(unixMilliseconds: nanoseconds / 1_000_000))
        try await store.write { [call] transaction in
            var record = Record(subject: "code")
            record.subject = AuditEntry.Subject(kind: "code", id: admitted.claims.code)
            record.serialNumber = msgid ?? admitted.marks.serialNumber
            record.data = data.merging(["call_index": JSON(admitted.index)]) { $1 }
            try append(
                transaction,
                entry(
                    record, outcome, reason, call, "call.answered", "answer", commitments.values, nanoseconds),
                commitments)
        }
        committed()
        counters.decided("call.answered", reason)
    }
}
