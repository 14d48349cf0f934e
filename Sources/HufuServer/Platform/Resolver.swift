import AuditLog
import Foundation
import InsurancePlatform
import Logging
import Storage

/// Finds out what became of money calls whose outcome is open: by 5203, else by 2601. It never sends a money
/// call again. Everything it needs stands in the journal, so it goes on after a restart.
package struct Resolver: Sendable {
    let settlements: Settlements
    /// Not more than this many at once: the recovery class has a budget of its own.
    private static let width = 16
    private static let part = 256

    package init(_ settlements: Settlements) { self.settlements = settlements }

    private var authority: Authority { settlements.authority }
    private var schedule: RecoverySchedule { settlements.schedule }
    private var now: Int64 { settlements.now }

    /// Looks once at all that is due; answers how many are closed now.
    @discardableResult
    package func step() async throws -> Int {
        let due = try await authority.store.read { [now] in
            try $0.dueSettlements(at: now, limit: Self.part)
        }
        return try await resolve(due)
    }

    /// Looks at these now, due or not; answers how many are closed.
    func resolve(_ open: [StoredSettlement]) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var left = open.makeIterator()
            var closed = 0
            for _ in 0..<Self.width {
                guard let next = left.next() else { break }
                group.addTask { try await look(next.entry.msgid) }
            }
            while let isClosed = try await group.next() {
                if isClosed { closed += 1 }
                if let next = left.next() { group.addTask { try await look(next.entry.msgid) } }
            }
            return closed
        }
    }

    /// Whether the call is closed now; false also when somebody else is at it.
    private func look(_ msgid: String) async throws -> Bool {
        let closed = try await settlements.claiming(msgid) { () -> Bool in
            do { return try await close(msgid) } catch let error as StorageError { throw error } catch {
                // One call that can't be read must not keep the others from being resolved.
                let entry = try await authority.store.read { try $0.settlement(msgid: msgid)?.entry }
                if let entry, entry.state.isOpen {
                    try await leaveToPerson(entry)
                    try await wait(entry, "unreadable")
                }
                return false
            }
        }
        return closed ?? false
    }

    private func close(_ msgid: String) async throws -> Bool {
        guard var stored = try await authority.store.read({ try $0.settlement(msgid: msgid) }),
            stored.entry.state.isOpen
        else { return true }
        let caller = try authority.systemCall()
        if stored.entry.state == .intent {
            try stored.entry.take(.lost, at: now)
            stored.entry.reason = "process_ended"
            try await settlements.save(
                stored.entry, "settlement.unknown", "resolve", by: caller, outcome: .failure)
        }
        // A site that was taken out of the configuration leaves its calls for when it is back.
        guard let site = try? settlements.site(stored.entry.fixmedinsCode) else {
            try await wait(stored.entry, "no_platform")
            return false
        }
        return stored.entry.state == .unknown
            ? try await resolveUnknown(stored, site, caller)
            : try await resolveReversing(stored, site, caller)
    }

    private func resolveUnknown(
        _ stored: StoredSettlement, _ site: SettlementSite, _ caller: Call
    ) async throws -> Bool {
        var entry = stored.entry
        let asked: Asked
        do { asked = try await ask(stored, site) } catch let failure as PlatformFailure {
            try await wait(entry, failure.reason.rawValue)
            return false
        }
        if case .found(let info) = asked.evidence {
            try await settle(&entry, info, caller)
            return true
        }
        guard now >= entry.silentFrom(schedule) else {
            try await wait(entry, entry.reason ?? "unknown")
            return false
        }
        let isAbsent = asked.evidence == .absent
        // What was refused once would be refused again, and proves nothing.
        if !isAbsent, entry.isReversalRefused(schedule) {
            try await leaveToPerson(entry)
            try await wait(entry, entry.reason ?? "unknown")
            return false
        }
        var call = try settlements.reversalCall(stored, site)
        if case .answered(_, let signNo) = asked { call.signNo = signNo }
        let (ended, result) = try await settlements.carryReversal(
            stored, call, site, by: caller, concludes: isAbsent)
        if ended.state == .unknown, case .success = result { try await leaveToPerson(ended) }
        return !ended.state.isOpen
    }

    /// A reversal was sent, and nobody knows whether it took effect.
    private func resolveReversing(
        _ stored: StoredSettlement, _ site: SettlementSite, _ caller: Call
    ) async throws -> Bool {
        var entry = stored.entry
        guard MoneyRules.isSettlement(entry.infno) else {
            if now >= entry.silentFrom(schedule) { try await leaveToPerson(entry) }
            try await wait(entry, entry.reason ?? "unknown")
            return false
        }
        let asked: Asked
        do { asked = try await ask(stored, site) } catch let failure as PlatformFailure {
            try await wait(entry, failure.reason.rawValue)
            return false
        }
        guard now >= entry.silentFrom(schedule) else {
            try await wait(entry, entry.reason ?? "unknown")
            return false
        }
        switch asked.evidence {
        case .found(let info):
            try entry.take(.reversalVoid, at: now)
            entry.reason = "reversal_absent"
            guard entry.state == .unknown else {
                try await settlements.save(entry, "settlement.resolved", "resolve", by: caller)
                return true
            }
            try await settle(&entry, info, caller)
            return true
        case .absent:
            try entry.take(.reversalAccepted, at: now)
            try await settlements.save(entry, "settlement.resolved", "resolve", by: caller)
            return true
        case .unclear:
            try await leaveToPerson(entry)
            try await wait(entry, entry.reason ?? "unclear")
            return false
        }
    }

    /// What 5203 came to.
    private enum Asked {
        /// It doesn't show such calls.
        case notShown
        /// The refusal may mean who asks, such as an operator who has signed out: nothing was shown.
        case refused
        case answered(SettlementEvidence, signNo: String?)

        var evidence: SettlementEvidence {
            if case .answered(let evidence, _) = self { evidence } else { .unclear }
        }
    }

    private func ask(_ stored: StoredSettlement, _ site: SettlementSite) async throws -> Asked {
        let entry = stored.entry
        guard MoneyRules.isSettlement(entry.infno) else { return .notShown }
        let details = try settlements.seal.details(stored.details, msgid: entry.msgid)
        let query = SettlementQuery(psnNo: details.psnNo, mdtrtID: entry.mdtrtID ?? "")
        for signNo in site.signIns.candidates(details.sender.id, given: details.signNo) {
            do {
                let answer = try await site.platform.carry(
                    query, msgid: site.newMessageID(), sender: details.sender,
                    insuplcAdmdvs: details.insuplcAdmdvs, signNo: signNo)
                let evidence = SettlementEvidence(answer, msgid: entry.msgid)
                // Where no visit was asked for, what isn't shown may be there.
                let isUnclear = evidence == .absent && query.mdtrtID.isEmpty
                return .answered(isUnclear ? .unclear : evidence, signNo: signNo)
            } catch let refusal as BusinessRefusal where refusal.infcode == -1 {
                throw PlatformFailure.unknown(.serverError, detail: "the platform failed")
            } catch is BusinessRefusal { continue }
        }
        return .refused
    }

    private func settle(_ entry: inout JournalEntry, _ info: SettlementInfo, _ caller: Call) async throws {
        try entry.take(.found, at: now)
        entry.note(info)
        entry.infcode = 0
        let answer = PlatformAnswer(
            infcode: 0, refMessageID: "", output: SettlementAnswer(info: info).output)
        try await settlements.save(
            entry, "settlement.resolved", "resolve", by: caller,
            answer: try settlements.seal.seal(answer, msgid: entry.msgid))
    }

    /// Nothing was learnt, so there is no entry in the log: only when to look again. That a reversal was refused
    /// stays the reason.
    private func wait(_ entry: JournalEntry, _ reason: String) async throws {
        var entry = entry
        entry.wait(
            until: schedule.next(
                attempts: entry.attempts, silentFrom: entry.silentFrom(schedule), now: now),
            because: entry.isReversalRefused(schedule) ? JournalEntry.reversalRefused : reason)
        try await authority.store.write { [entry] in try $0.update(entry) }
    }

    private func leaveToPerson(_ entry: JournalEntry) async throws {
        let task = PlatformTask(
            key: entry.statementKey, kind: .undecided, msgid: entry.msgid, setlID: entry.setlID,
            mdtrtID: entry.mdtrtID, createdAt: now)
        try await authority.open([task])
    }
}

extension RepeatedService {
    static func resolver(_ resolver: Resolver, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "resolving money calls", interval: .seconds(1), logger: logger) {
            let count = try await resolver.step()
            if count > 0 { logger.info("money calls resolved", metadata: ["count": "\(count)"]) }
        }
    }
}
