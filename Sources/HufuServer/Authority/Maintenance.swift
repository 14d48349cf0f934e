import ActivationCodes
import AuditLog
import Foundation
import Storage

/// What the sweep does: hard expiry, and taking away what has served its time.
extension Authority {
    static let sweptAtOnce = 200

    /// Marks every code whose time has passed as expired, each with its entry. Answers how many.
    @discardableResult
    package func sweep() async throws -> Int {
        var count = 0
        while true {
            let marked = try await expireDueCodes()
            count += marked
            if marked == 0 { break }
        }
        let now = now()
        try await store.write { transaction in
            try transaction.removeChallenges(expiredBefore: now)
            try transaction.removeRefreshTokens(expiredBefore: now)
            try transaction.removeKeptAnswers(before: now.addingTimeInterval(-Self.answersAreKept))
        }
        try await discardForgottenBatches(before: now.addingTimeInterval(-Self.stagedFor))
        return count
    }

    private func discardForgottenBatches(before moment: Date) async throws {
        for batch in try await store.read({ try $0.batches(.staged, streamedBefore: moment) }) {
            // Confirmed a moment ago: then it is not forgotten.
            do { try await discard(try systemCall(), batch) } catch is Refusal {}
        }
    }

    private func expireDueCodes() async throws -> Int {
        let nanoseconds = clock()
        let now = Date(unixMilliseconds: nanoseconds / 1_000_000)
        let call = try systemCall()
        let count = try await store.write { transaction in
            let due = try transaction.codesDue(at: now, limit: Self.sweptAtOnce)
            var marked = 0
            for stored in due {
                guard let code = stored.code.expiring(at: now) else { continue }
                try transaction.update(code)
                var record = Record(subject: "code")
                try record.about(stored, approvedIn: transaction)
                record.data["from"] = .string(stored.code.state.rawValue)
                try append(
                    transaction,
                    entry(record, nil, call, "code.expired", "expire", [:], nanoseconds))
                marked += 1
            }
            return marked
        }
        if count > 0 { committed() }
        return count
    }

    /// A call of the authority to itself.
    func systemCall() throws -> Call {
        let id = try newID()
        return Call(caller: .system, door: "system", requestID: id.lowercased, traceID: id.hexadecimal)
    }
}
