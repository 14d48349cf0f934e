import AuditLog
import Crypto
package import Foundation
package import InsurancePlatform
import Storage
import Synchronization

/// Money calls to the platform, each carried out once: docs/formats/settlements.md.
///
/// `underway` owns the calls that this process carries: an `intent` that isn't there was lost. `claimed` names
/// the calls whose state the resolver or a reversal is changing; nobody else changes them meanwhile.
package final class Settlements: Sendable {
    struct Underway: Sendable {
        let digest: Data
        let institution: String
        let task: Task<SettlementReply, any Error>
    }

    private struct State {
        var underway: [String: Underway] = [:]
        var claimed: Set<String> = []
    }

    let authority: Authority
    let schedule: RecoverySchedule
    let seal: SettlementSeal
    private let sites: [String: SettlementSite]
    private let state = Mutex(State())
    /// Told of every group whose totals may have changed.
    let drift: DriftWatch

    package init(
        authority: Authority, sites: [SettlementSite], schedule: RecoverySchedule = .standard
    ) {
        self.authority = authority
        self.schedule = schedule
        self.sites = Dictionary(sites.map { ($0.fixmedinsCode, $0) }) { $1 }
        seal = SettlementSeal(key: authority.keys.personal)
        drift = DriftWatch(RowComparison(authority: authority, seal: seal), sites: self.sites)
    }

    /// Unix milliseconds.
    var now: Int64 { authority.clock() / 1_000_000 }

    var codes: [String] { sites.keys.sorted() }

    func site(_ fixmedinsCode: String) throws -> SettlementSite {
        guard let site = sites[fixmedinsCode] else { throw InputError.notFound("platform for this code") }
        return site
    }

    /// Carries a money call out, or tells what became of it when it came before.
    ///
    /// It is carried to its end even if the caller goes away.
    ///
    /// - Parameters:
    ///   - fixmedinsCode: the site by which it goes.
    ///   - institution: who asks; an idempotency key is its own.
    ///   - bodyDigest: what the key and the identifier stand for; by default transaction, place and input.
    package func carry(
        _ call: PlatformCall, by caller: Call, fixmedinsCode: String, institution: UUID,
        idempotencyKey: String? = nil, bodyDigest: Data? = nil
    ) async throws -> SettlementReply {
        let request = try SettlementRequestContext(
            call: call, caller: caller, site: try site(fixmedinsCode), institution: institution.lowercased,
            key: idempotencyKey, digest: bodyDigest ?? digest(call))
        let (known, isMine) = state.withLock { state in
            if let known = state.underway[call.msgid] { return (known, false) }
            let known = Underway(
                digest: request.digest, institution: request.institution,
                task: Task {
                    defer { _ = self.state.withLock { $0.underway.removeValue(forKey: call.msgid) } }
                    return try await self.run(request)
                })
            state.underway[call.msgid] = known
            return (known, true)
        }
        if isMine { return try await known.task.value }
        try request.mustMatch(known.digest, known.institution)
        var reply = try await known.task.value
        reply.isReplay = true
        return reply
    }

    /// What became of a call; nil if the institution has none of that identifier.
    package func reply(msgid: String, institution: UUID) async throws -> SettlementReply? {
        let stored = try await authority.store.read {
            try $0.settlement(msgid: msgid) ?? $0.settlement(reversalMsgid: msgid)
        }
        guard let stored, stored.entry.institution == institution.lowercased else { return nil }
        return try recorded(stored, asked: msgid)
    }

    private func run(_ request: SettlementRequestContext) async throws -> SettlementReply {
        if MoneyRules.isReversal(request.call.infno) { return try await reverse(request) }
        switch try await begin(request) {
        case .send(let entry): return try await send(entry, request)
        case .recorded(let stored):
            let other = state.withLock { $0.underway[stored.entry.msgid] }
            if let other, stored.entry.msgid != request.call.msgid {
                var reply = try await other.task.value
                reply.isReplay = true
                return reply
            }
            // Who carried it may have ended between the two looks.
            let latest =
                stored.entry.state == .intent
                ? try await authority.store.read { try $0.settlement(msgid: stored.entry.msgid) } : nil
            return try recorded(latest ?? stored, asked: stored.entry.msgid)
        case .unresolved(let msgid):
            return SettlementReply(outcome: .unresolved(msgid: msgid), msgid: msgid, isReplay: true)
        }
    }

    private func send(
        _ entry: JournalEntry, _ request: SettlementRequestContext
    ) async throws -> SettlementReply {
        var entry = entry
        let result: Result<PlatformAnswer, PlatformFailure>
        do throws(PlatformFailure) {
            result = .success(try await request.site.platform.carry(request.call))
        } catch {
            result = .failure(error)
        }
        try entry.learn(result, at: now)
        let outcome = Self.outcome(entry, result)
        if entry.state == .unknown {
            let reason = entry.reason ?? "unknown"
            entry.wait(until: now + schedule.firstPause, because: reason)
        }
        do {
            try await record(entry, outcome, request.caller)
        } catch {
            // The outcome isn't durable, so nobody is told of it: the resolver will find it out again.
            return SettlementReply(
                outcome: .unknown(reason: "storage_unavailable"), msgid: entry.msgid, isReplay: false)
        }
        return SettlementReply(outcome: outcome, msgid: entry.msgid, isReplay: false)
    }

    private static func outcome(
        _ entry: JournalEntry, _ result: Result<PlatformAnswer, PlatformFailure>
    ) -> SettlementOutcome {
        switch (entry.state, result) {
        case (.success, .success(let answer)): .settled(answer)
        case (.fail, .success(let answer)): .refused(answer)
        case (.unsent, _): .notCarriedOut(reason: entry.reason ?? "not_sent")
        default: .unknown(reason: entry.reason ?? "unknown")
        }
    }

    private func record(_ entry: JournalEntry, _ outcome: SettlementOutcome, _ caller: Call) async throws {
        let sealed: Data? =
            switch outcome {
            case .settled(let answer), .refused(let answer): try seal.seal(answer, msgid: entry.msgid)
            default: nil
            }
        let (event, verdict): (String, AuditEntry.Outcome) =
            switch outcome {
            case .settled: ("settlement.settled", .success)
            case .refused: ("settlement.refused", .refused)
            case .notCarriedOut: ("settlement.unsent", .failure)
            default: ("settlement.unknown", .failure)
            }
        try await authority.store.write { [authority] transaction in
            try transaction.update(entry, answer: sealed)
            try authority.log(
                transaction, entry, event, "settle", outcome: verdict,
                reason: verdict == .success ? nil : entry.reason, caller)
        }
        authority.committed()
        authority.counters.decided(event, entry.reason)
        if MoneyRules.isSettlement(entry.infno), entry.state == .success { drift.touch(entry.statementKey) }
    }

    /// The answer for a call that the journal has.
    func recorded(_ stored: StoredSettlement, asked msgid: String) throws -> SettlementReply {
        let entry = stored.entry
        let outcome: SettlementOutcome
        if entry.reversalMsgid == msgid {
            outcome = stored.reversalOutcome
        } else {
            let answer = try stored.answer.map { try seal.answer($0, msgid: entry.msgid) }
            switch (entry.state, answer) {
            case (.success, let answer?): outcome = .settled(answer)
            case (.fail, let answer?) where !answer.isSuccess: outcome = .refused(answer)
            case (.fail, _): outcome = .notSettled(reason: entry.reason ?? "absent")
            case (.unsent, _): outcome = .notCarriedOut(reason: entry.reason ?? "not_sent")
            case (.reversed, _): outcome = .reversed
            default: outcome = .unknown(reason: entry.reason ?? "under_way")
            }
        }
        return SettlementReply(outcome: outcome, msgid: msgid, isReplay: true)
    }

    private func digest(_ call: PlatformCall) -> Data {
        var hash = HMAC<SHA256>(key: authority.keys.repeats)
        hash.update(data: Data("\(call.infno)\n\(call.insuplcAdmdvs ?? "")\n".utf8))
        hash.update(data: Data(call.input.text()))
        return Data(hash.finalize())
    }

    // MARK: Claims

    /// Whether this process carries the call right now.
    func isUnderway(_ msgid: String) -> Bool { state.withLock { $0.underway[msgid] != nil } }

    /// Does something with a call that nobody else touches meanwhile; nil if somebody does.
    func claiming<Value>(
        _ msgid: String, _ body: () async throws -> Value
    ) async rethrows -> Value? {
        let isMine = state.withLock { state in
            state.underway[msgid] == nil && state.claimed.insert(msgid).inserted
        }
        guard isMine else { return nil }
        defer { _ = state.withLock { $0.claimed.remove(msgid) } }
        return try await body()
    }

    func isClaimed(_ msgid: String) -> Bool { state.withLock { $0.claimed.contains(msgid) } }
}
