import AuditLog
import Foundation
import InsurancePlatform
import Storage

extension Settlements {
    enum Begun: Sendable {
        /// Written down: it may be sent now.
        case send(JournalEntry)
        /// It is there already.
        case recorded(StoredSettlement)
        /// Another money call of the visit is open.
        case unresolved(msgid: String)
    }

    /// The first of the two transactions: the intent, with its entry in the log.
    func begin(_ request: SettlementRequestContext) async throws -> Begun {
        let call = request.call
        let input = SettlementInput(call.input)
        let details = try seal.seal(SettlementDetails(call, input), msgid: call.msgid)
        var fresh = JournalEntry(
            msgid: call.msgid, infno: call.infno, fixmedinsCode: request.site.fixmedinsCode,
            institution: request.institution, date: ChinaTime.text(now, .date), at: now)
        fresh.note(input)
        let moment = now
        let begun = try await authority.store.write { [self, fresh] transaction -> Begun in
            if let stored = try transaction.settlement(msgid: call.msgid) {
                try request.mustMatch(stored.digest, stored.entry.institution)
                return try again(stored, request, transaction, moment)
            }
            if let key = request.key,
                let stored = try transaction.settlement(institution: request.institution, key: key)
            {
                guard stored.digest == request.digest else { throw InputError.idempotencyKeyReused }
                if stored.entry.state != .unsent { return .recorded(stored) }
                try transaction.releaseKey(msgid: stored.entry.msgid)
            }
            var entry = fresh
            if let open = try refuseIfOpen(entry, request, transaction) { return .unresolved(msgid: open) }
            if MoneyRules.isRefund(entry.infno), let setlID = entry.setlID,
                let original = try transaction.settlement(
                    fixmedinsCode: entry.fixmedinsCode, setlID: setlID)
            {
                entry.note(refunding: original.entry)
            }
            try transaction.insert(
                StoredSettlement(entry: entry, key: request.key, digest: request.digest, details: details))
            try authority.log(transaction, entry, "settlement.intended", "settle", request.caller)
            return .send(entry)
        }
        authority.committed()
        return begun
    }

    /// The same call once more: sent only when nothing of it was sent before.
    private func again(
        _ stored: StoredSettlement, _ request: SettlementRequestContext, _ transaction: Transaction,
        _ moment: Int64
    ) throws -> Begun {
        guard stored.entry.state == .unsent, !isClaimed(stored.entry.msgid) else { return .recorded(stored) }
        if let open = try refuseIfOpen(stored.entry, request, transaction) {
            return .unresolved(msgid: open)
        }
        var entry = stored.entry
        try entry.take(.sendAgain, at: moment)
        try transaction.update(entry)
        try authority.log(transaction, entry, "settlement.intended", "settle", request.caller)
        return .send(entry)
    }

    /// While it isn't known whether a visit was settled, a second settlement could be a double one.
    private func refuseIfOpen(
        _ entry: JournalEntry, _ request: SettlementRequestContext, _ transaction: Transaction
    ) throws -> String? {
        guard let visit = entry.mdtrtID,
            let open = try transaction.openSettlement(fixmedinsCode: entry.fixmedinsCode, mdtrtID: visit)
        else { return nil }
        try authority.log(
            transaction, entry, "settlement.refused", "settle", outcome: .refused,
            reason: "settlement_unresolved", request.caller, more: ["open_msgid": .string(open)])
        return open
    }
}
