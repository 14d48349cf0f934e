import AuditLog
import Foundation
package import InsurancePlatform
import Logging
import Storage
import Synchronization

/// A day's books against the platform's, again and again until they are equal: docs/formats/settlements.md.
/// It may be run at any time; what it keeps is one result a group and one task a difference.
package final class Reconciliation: Sendable {
    let settlements: Settlements
    let resolver: Resolver
    private let running = Mutex<Set<String>>([])
    private static let mostRounds = 3

    package init(_ settlements: Settlements, _ resolver: Resolver) {
        self.settlements = settlements
        self.resolver = resolver
    }

    var authority: Authority { settlements.authority }
    private var now: Int64 { settlements.now }

    /// - Parameter date: the day in China, `yyyy-MM-dd`.
    package func run(date: String, by call: Call) async throws -> ReconciliationReport {
        guard ChinaTime.milliseconds(date, .date) != nil else {
            throw InputError.invalid(field: "date", allowed: "a day such as 2026-11-20")
        }
        guard running.withLock({ $0.insert(date).inserted }) else {
            throw InputError.conflict("this day is being reconciled")
        }
        defer { _ = running.withLock { $0.remove(date) } }
        let known = try await authority.store.read { try $0.settlingInstitutions(date: date) }
        for code in Set(known + settlements.codes).sorted() {
            guard let site = try? settlements.site(code) else { continue }
            try await run(site, date, call)
        }
        return try await report(date: date)
    }

    /// What the latest run of a day came to.
    package func report(date: String) async throws -> ReconciliationReport {
        try await authority.store.read { transaction in
            ReconciliationReport(
                date: date, statements: try transaction.statementResults(date: date),
                tasks: try transaction.openTasks(date: date))
        }
    }

    private func run(_ site: SettlementSite, _ date: String, _ call: Call) async throws {
        let code = site.fixmedinsCode
        let open = try await authority.store.read { try $0.openSettlements(fixmedinsCode: code, date: date) }
        _ = try await resolver.resolve(open)
        var reversed = 0
        var differences = 0
        for round in 1...Self.mostRounds {
            let (compared, accepted) = try await compare(site, date)
            var results = compared
            let differs = results.contains { $0.outcome == .different }
            if differs {
                do {
                    let detail = try await act(on: site, date, call)
                    differences = detail.differences
                    reversed += detail.reversed
                    if detail.reversed > 0, round < Self.mostRounds { continue }
                } catch let error as StorageError { throw error } catch {
                    results.fail(StatementResult.reason(error))
                }
            } else if results.allSatisfy({ $0.outcome == .equal }) {
                differences = 0
                try await closeTasks(site, date, except: [])
            }
            for place in results.indices {
                results[place].rounds = round
                results[place].reversed = reversed
                if results[place].outcome != .equal { results[place].differences = differences }
            }
            let seen = accepted.filter { reversal in results.contains { $0.key.mayHold(reversal.value) } }
            return try await keep(results, confirming: Array(seen.keys), site, date, call)
        }
    }

    /// 3201 for every group of the day; beside it the reversals that were accepted before it was asked.
    private func compare(
        _ site: SettlementSite, _ date: String
    ) async throws -> (results: [StatementResult], reversals: [String: StatementKey]) {
        let code = site.fixmedinsCode
        let found = try await authority.store.read {
            (
                try $0.statementTotals(fixmedinsCode: code, date: date),
                try $0.unconfirmedReversals(fixmedinsCode: code, from: date, through: date)
            )
        }
        var groups = found.0
        for group in site.alwaysCompared {
            let key = StatementKey(
                fixmedinsCode: code, date: date, insutype: group.insutype, clrType: group.clrType)
            if groups[key] == nil { groups[key] = (.zero, 0) }
        }
        var results: [StatementResult] = []
        for (key, group) in groups.sorted(by: { $0.key < $1.key }) {
            // A call whose clearing type isn't known has nothing to compare by itself.
            let isNameless = key.clrType.isEmpty && group.totals.count == 0
            if isNameless, group.open == 0 { continue }
            var result = StatementResult(
                key: key, outcome: .equal, totals: group.totals, open: group.open, comparedAt: now)
            if !isNameless {
                do {
                    result.outcome = try await site.agrees(key, group.totals) ? .equal : .different
                } catch {
                    result.outcome = .failed
                    result.reason = StatementResult.reason(error)
                }
            }
            results.append(result)
        }
        return (results, found.1)
    }

    private func keep(
        _ results: [StatementResult], confirming reversals: [String], _ site: SettlementSite, _ date: String,
        _ call: Call
    ) async throws {
        let isEqual = results.allSatisfy { $0.outcome == .equal && $0.open == 0 }
        try await authority.store.write { [authority, now] transaction in
            if isEqual { try transaction.confirmReversals(reversals, at: now) }
            try transaction.removeStatements(
                fixmedinsCode: site.fixmedinsCode, date: date, except: Set(results.map(\.key)))
            for result in results {
                try transaction.keep(result)
                var record = Record(subject: "statement")
                record.subject.id = result.key.description
                record.data = result.totals.logged.merging([
                    "open": JSON(result.open), "differences": JSON(result.differences),
                    "reversed": JSON(result.reversed), "rounds": JSON(result.rounds),
                ]) { $1 }
                let reason: String? =
                    switch result.outcome {
                    case .equal: nil
                    case .different: "totals_differ"
                    case .failed: result.reason ?? "failed"
                    }
                try authority.append(
                    transaction,
                    authority.entry(
                        record, reason == nil ? .success : .failure, reason, call, "statement.compared",
                        "reconcile", [:], authority.clock()))
            }
        }
        authority.committed()
        for result in results {
            authority.counters.decided(
                "statement.compared", result.outcome == .equal ? nil : result.outcome.rawValue)
        }
    }
}

extension StatementResult {
    /// Why a statement could not be had, as a stable code.
    fileprivate static func reason(_ error: any Error) -> String {
        switch error {
        case let failure as PlatformFailure: failure.reason.rawValue
        case let refusal as BusinessRefusal: refusal.infcode == -1 ? "system_error" : "platform_refused"
        case let error as FsiError: error.code.rawValue
        default: "unreadable"
        }
    }
}

extension [StatementResult] {
    /// The detail could not be had.
    fileprivate mutating func fail(_ reason: String) {
        for place in indices where self[place].outcome == .different {
            self[place].outcome = .failed
            self[place].reason = reason
        }
    }
}
