import AuditLog
import Foundation
import InsurancePlatform
import Storage

extension Settlements {
    /// A caller's own 2601: only for a call that the journal has, of the caller's institution, reversible, and
    /// carried out or unknown.
    func reverse(_ request: SettlementRequestContext) async throws -> SettlementReply {
        let reversal: Reversal
        do { reversal = try Reversal(input: request.call.input) } catch {
            throw InputError.invalid(field: error.field ?? "input", allowed: error.detail)
        }
        let call = request.call
        if let stored = try await authority.store.read({ try $0.settlement(reversalMsgid: call.msgid) }) {
            guard stored.entry.msgid == reversal.omsgid, stored.entry.institution == request.institution
            else { throw SettlementRequestContext.reused }
            if !stored.entry.isReversalUnsent { return try recorded(stored, asked: call.msgid) }
        }
        let reply = try await claiming(reversal.omsgid) { () -> SettlementReply in
            guard
                let stored = try await authority.store.read({ try $0.settlement(msgid: reversal.omsgid) }),
                stored.entry.institution == request.institution,
                stored.entry.fixmedinsCode == request.site.fixmedinsCode
            else { throw InputError.notFound("call to reverse in the journal") }
            guard stored.entry.infno.prefix(4) == reversal.oinfno.prefix(4) else {
                throw InputError.invalid(field: "oinfno", allowed: "the number of the call to reverse")
            }
            guard stored.entry.state == .success || stored.entry.state == .unknown else {
                throw InputError.conflict(
                    "the call is \(stored.entry.state.rawValue): there is nothing to reverse")
            }
            let (entry, result) = try await carryReversal(stored, call, request.site, by: request.caller)
            let outcome: SettlementOutcome
            switch (entry.state, result) {
            case (.reversed, .success(let answer)): outcome = .settled(answer)
            case (.reversing, _): outcome = .unknown(reason: entry.reason ?? "unknown")
            case (_, .success(let answer)): outcome = .refused(answer)
            case (_, .failure(let failure)): outcome = .notCarriedOut(reason: failure.reason.rawValue)
            }
            return SettlementReply(outcome: outcome, msgid: call.msgid, isReplay: false)
        }
        return reply
            ?? SettlementReply(
                outcome: .unresolved(msgid: reversal.omsgid), msgid: reversal.omsgid, isReplay: true)
    }

    /// Writes a reversal down, sends it, writes down what became of it. To be done under a claim.
    ///
    /// - Parameter concludes: that 5203 was answered, and shows nothing to reverse: with a refusal what was
    ///   unknown has failed then. A refusal alone proves nothing.
    func carryReversal(
        _ stored: StoredSettlement, _ call: PlatformCall, _ site: SettlementSite, by caller: Call,
        concludes: Bool = false
    ) async throws -> (entry: JournalEntry, result: Result<PlatformAnswer, PlatformFailure>) {
        var begun = stored.entry
        try begun.beginReversal(msgid: call.msgid, at: now)
        begun.nextAt = now + schedule.firstPause
        try await save(begun, "settlement.reversal_intended", "reverse", by: caller)
        let result: Result<PlatformAnswer, PlatformFailure>
        do throws(PlatformFailure) { result = .success(try await site.platform.carry(call)) } catch {
            result = .failure(error)
        }
        var entry = begun
        try entry.learnReversal(result, at: now)
        var isRefused = false
        if case .success = result, entry.state != .reversed, entry.state != .reversing { isRefused = true }
        if isRefused, concludes, entry.state == .unknown {
            try entry.take(.absent, at: now)
            entry.reason = "absent"
        }
        if entry.state.isOpen {
            entry.attempts = stored.entry.attempts
            let silentFrom = entry.silentFrom(schedule)
            entry.wait(
                until: schedule.next(attempts: entry.attempts, silentFrom: silentFrom, now: now),
                because: entry.reason ?? "reversal_void")
        }
        try await save(
            entry, "settlement.reversal_ended", "reverse", by: caller,
            outcome: entry.state == .reversed ? .success : isRefused ? .refused : .failure)
        return (entry, result)
    }

    /// The call that reverses a settlement, sent in the name of whoever settled, and under the sign-in that he
    /// has now.
    func reversalCall(_ stored: StoredSettlement, _ site: SettlementSite) throws -> PlatformCall {
        let entry = stored.entry
        let details = try seal.details(stored.details, msgid: entry.msgid)
        return PlatformCall(
            Reversal(psnNo: details.psnNo, omsgid: entry.msgid, oinfno: entry.infno),
            msgid: site.newMessageID(), sender: details.sender, insuplcAdmdvs: details.insuplcAdmdvs,
            signNo: site.signIns.current(details.sender.id))
    }

    /// Writes a step down with its entry, and tells who watches the totals.
    func save(
        _ entry: JournalEntry, _ event: String, _ action: String, by caller: Call,
        outcome: AuditEntry.Outcome = .success, answer: Data? = nil, more: [String: JSON] = [:]
    ) async throws {
        try await authority.store.write { [authority, now] transaction in
            try transaction.update(entry, answer: answer)
            if !entry.state.isOpen { try transaction.closeTasks(.undecided, msgid: entry.msgid, at: now) }
            try authority.log(
                transaction, entry, event, action, outcome: outcome,
                reason: outcome == .success ? nil : entry.reason, caller, more: more)
        }
        authority.committed()
        authority.counters.decided(event, outcome == .success ? nil : entry.reason)
        if MoneyRules.isSettlement(entry.infno), !entry.state.isOpen { drift.touch(entry.statementKey) }
    }
}

extension StoredSettlement {
    /// What became of the reversal, for whoever asked for it.
    var reversalOutcome: SettlementOutcome {
        switch entry.state {
        case .reversed: .settled(PlatformAnswer(infcode: 0, refMessageID: ""))
        case .reversing: .unknown(reason: entry.reason ?? "under_way")
        default: .notSettled(reason: entry.reason ?? "reversal_void")
        }
    }
}
