import AuditLog
package import InsurancePlatform
import Logging
import Storage
import Synchronization

/// Compares the totals of every group that changed with the platform's, so that a drift shows within a minute
/// and not at night: docs/formats/settlements.md. It holds no truth: the statement of the day decides.
///
/// Totals only raise a suspicion, as under traffic they seldom agree. The rows tell.
package final class DriftWatch: Sendable {
    private struct Group {
        /// Raised by every outcome: what is due stays so when one came during the comparison.
        var version = 0
        /// When the totals are compared next, like all moments here in unix milliseconds; nil for not before
        /// an outcome.
        var dueAt: Int64? = 0
        /// The first comparison that didn't prove them equal, unless totals or rows have explained it since.
        var differsSince: Int64?
        /// The first comparison that showed the drift.
        var driftsSince: Int64?
    }

    private struct State {
        var isLoaded = false
        var groups: [StatementKey: Group] = [:]
    }

    /// For so long totals must not be proven equal before the rows are compared, and again once a drift is known.
    private static let patience: Int64 = 20_000
    private static let longPatience: Int64 = 600_000
    /// Between two looks at the totals of a group that drifts.
    private static let pause: Int64 = 60_000

    private let rows: RowComparison
    private let sites: [String: SettlementSite]
    private let state = Mutex(State())

    init(_ rows: RowComparison, sites: [String: SettlementSite]) {
        self.rows = rows
        self.sites = sites
    }

    private var authority: Authority { rows.authority }
    private var now: Int64 { authority.clock() / 1_000_000 }

    /// The totals of the group may have changed; those of several where its clearing type isn't known.
    func touch(_ key: StatementKey) {
        state.withLock { state in
            if state.groups[key] == nil { state.groups[key] = Group() }
            for group in state.groups.keys where group.mayHold(key) {
                state.groups[group]?.version += 1
                state.groups[group]?.dueAt = 0
            }
        }
    }

    /// The groups that drift now, and since when.
    package var drifting: [StatementKey: Int64] {
        state.withLock { $0.groups.compactMapValues(\.driftsSince) }
    }

    /// Compares the totals that are due, once each, and the rows where these differ for long.
    package func step() async throws {
        try await load()
        let due = state.withLock { [now] state in
            state.groups.filter { ($0.value.dueAt ?? .max) <= now }.mapValues(\.version)
        }
        for (key, version) in due.sorted(by: { $0.key < $1.key }) {
            guard let site = sites[key.fixmedinsCode] else { continue }
            try await compareTotals(key, version, site)
        }
        let suspected = state.withLock { [now] state in
            state.groups.filter { _, group in
                guard let since = group.differsSince else { return false }
                return now - since >= (group.driftsSince == nil ? Self.patience : Self.longPatience)
            }.mapValues(\.version)
        }
        for groups in Dictionary(grouping: suspected, by: { [$0.key.fixmedinsCode, $0.key.date] }).values {
            guard let site = sites[groups[0].key.fixmedinsCode] else { continue }
            try await compareRows(groups, groups[0].key.date, site)
        }
        forget()
    }

    /// At a start: the groups of the day, which an earlier process may have left uncompared.
    private func load() async throws {
        if state.withLock({ $0.isLoaded }) { return }
        let today = ChinaTime.text(now, .date)
        for code in sites.keys {
            let groups = try await authority.store.read {
                try $0.statementTotals(fixmedinsCode: code, date: today)
            }
            for key in groups.keys { touch(key) }
        }
        state.withLock { $0.isLoaded = true }
    }

    private func totals(_ key: StatementKey) async throws -> (totals: StatementTotals, isAtRest: Bool) {
        let groups = try await authority.store.read {
            try $0.statementTotals(fixmedinsCode: key.fixmedinsCode, date: key.date)
        }
        let isAtRest = !groups.contains { key.mayHold($0.key) && $0.value.open > 0 }
        return (groups[key]?.totals ?? .zero, isAtRest)
    }

    private func compareTotals(_ key: StatementKey, _ version: Int, _ site: SettlementSite) async throws {
        let (totals, isAtRest) = try await totals(key)
        var agrees = true
        // Without a clearing type, and without a settlement, there is nothing to ask for.
        if !key.clrType.isEmpty || totals.count > 0 {
            do { agrees = try await site.agrees(key, totals) } catch is PlatformFailure {
                return
            } catch is BusinessRefusal { return }
        }
        let ends = state.withLock { [now, agrees] state -> Bool in
            guard var group = state.groups[key] else { return false }
            let drifted = group.driftsSince != nil
            // With a call open, a drift and what is under way may cancel out: equal totals prove nothing then.
            if agrees, isAtRest {
                group.differsSince = nil
                group.driftsSince = nil
            } else {
                group.differsSince = group.differsSince ?? now
            }
            if group.version == version, group.differsSince == nil || drifted {
                group.dueAt = group.driftsSince == nil ? nil : now + Self.pause
            }
            state.groups[key] = group
            return drifted && group.driftsSince == nil
        }
        if ends { try await log(key, totals, drifts: false) }
    }

    /// Of all suspected groups of a day, with their versions.
    private func compareRows(
        _ groups: [(key: StatementKey, value: Int)], _ date: String, _ site: SettlementSite
    ) async throws {
        let found: [RowComparison.Difference]
        do { found = try await rows.differences(site, date).filter { $0.finding != .nothing } } catch {
            state.withLock { [now] state in
                for (key, _) in groups { state.groups[key]?.differsSince = now }
            }
            throw error
        }
        for (key, version) in groups {
            let drifts = found.contains { difference in
                guard var theirs = difference.stored?.entry.statementKey else { return true }
                theirs.date = date
                return key.mayHold(theirs)
            }
            guard explain(key, version, drifts: drifts) else { continue }
            try await log(key, try await totals(key).totals, drifts: drifts)
        }
    }

    /// The rows have told: suspicion begins anew. Answers whether what they told is news.
    private func explain(_ key: StatementKey, _ version: Int, drifts: Bool) -> Bool {
        state.withLock { [now] state in
            guard var group = state.groups[key] else { return false }
            let drifted = group.driftsSince != nil
            group.differsSince = nil
            group.driftsSince = drifts ? group.driftsSince ?? now : nil
            // What is under way touches the group when it ends.
            if !drifts, group.version == version { group.dueAt = nil }
            state.groups[key] = group
            return drifts != drifted
        }
    }

    private func log(_ key: StatementKey, _ totals: StatementTotals, drifts: Bool) async throws {
        let call = try authority.systemCall()
        var record = Record(subject: "statement")
        record.subject.id = key.description
        record.data = totals.logged.merging(["drifts": .bool(drifts)]) { $1 }
        let entry = authority.entry(
            record, drifts ? .failure : .success, drifts ? "totals_differ" : nil, call, "statement.drift",
            "compare", [:], authority.clock())
        _ = try await authority.store.write { [authority] in try authority.append($0, entry) }
        authority.committed()
        authority.counters.decided("statement.drift", drifts ? "totals_differ" : nil)
    }

    /// Days before yesterday are the statement's alone.
    private func forget() {
        let yesterday = ChinaTime.text(now - 86_400_000, .date)
        state.withLock { state in state.groups = state.groups.filter { $0.key.date >= yesterday } }
    }
}

extension StatementTotals {
    var logged: [String: JSON] {
        [
            "count": JSON(count), "medfee_sumamt": .string(SettlementAmounts.text(amounts.total)),
            "fund_pay_sumamt": .string(SettlementAmounts.text(amounts.fund)),
            "acct_pay": .string(SettlementAmounts.text(amounts.account)),
        ]
    }
}

extension RepeatedService {
    static func drift(_ watch: DriftWatch, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "comparing the platform's totals", interval: .seconds(10), logger: logger) {
            let before = watch.drifting.count
            try await watch.step()
            let drifting = watch.drifting
            if drifting.count > before {
                logger.warning(
                    "the platform's totals differ from the journal's",
                    metadata: ["groups": "\(drifting.keys.sorted().map(\.description))"])
            }
        }
    }
}
