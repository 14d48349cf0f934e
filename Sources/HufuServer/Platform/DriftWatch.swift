import AuditLog
package import InsurancePlatform
import Logging
import Storage
import Synchronization

/// Compares the totals of every group that changed with the platform's, so that a drift shows within a minute
/// and not at night. It holds no truth: the statement of the day decides.
package final class DriftWatch: Sendable {
    private struct Group {
        /// Raised by every outcome: a comparison during which it changed says nothing.
        var version = 0
        var isDue = true
        /// Unix milliseconds of the first comparison that showed the drift.
        var driftsSince: Int64?
    }

    private struct State {
        var groups: [StatementKey: Group] = [:]
        var comparisons = 0
    }

    private let authority: Authority
    private let sites: [String: SettlementSite]
    private let state = Mutex(State())

    init(authority: Authority, sites: [String: SettlementSite]) {
        self.authority = authority
        self.sites = sites
    }

    /// The totals of the group may have changed.
    func touch(_ key: StatementKey) {
        state.withLock { state in
            state.groups[key, default: Group()].version += 1
            state.groups[key]?.isDue = true
        }
    }

    /// The groups that drift now, and since when.
    package var drifting: [StatementKey: Int64] {
        state.withLock { $0.groups.compactMapValues(\.driftsSince) }
    }

    var comparisons: Int { state.withLock { $0.comparisons } }

    /// Compares what is due, once each.
    package func step() async throws {
        let due = state.withLock { state in
            state.groups.filter(\.value.isDue).map { (key: $0.key, version: $0.value.version) }
        }
        for (key, version) in due.sorted(by: { $0.key < $1.key }) {
            guard let site = sites[key.fixmedinsCode] else { continue }
            try await compare(key, version, site)
        }
        forget()
    }

    private func compare(_ key: StatementKey, _ version: Int, _ site: SettlementSite) async throws {
        let groups = try await authority.store.read {
            try $0.statementTotals(fixmedinsCode: key.fixmedinsCode, date: key.date)
        }
        let totals = groups[key]?.totals ?? .zero
        // What is open may or may not be in the platform's totals: it is compared when it is known.
        if groups.contains(where: { key.mayHold($0.key) && $0.value.open > 0 }) { return }
        let agrees: Bool
        do { agrees = try await site.agrees(key, totals) } catch is PlatformFailure {
            return
        } catch is BusinessRefusal { return }
        let now = authority.clock() / 1_000_000
        let change = state.withLock { state -> Bool? in
            guard var group = state.groups[key], group.version == version else { return nil }
            let wasDrifting = group.driftsSince != nil
            group.isDue = false
            group.driftsSince = agrees ? nil : group.driftsSince ?? now
            state.groups[key] = group
            state.comparisons += 1
            return wasDrifting == agrees ? !agrees : nil
        }
        if let drifts = change { try await log(key, totals, drifts) }
    }

    private func log(_ key: StatementKey, _ totals: StatementTotals, _ drifts: Bool) async throws {
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

    /// Groups of days gone by that are equal say nothing any more.
    private func forget() {
        let today = ChinaTime.text(authority.clock() / 1_000_000, .date)
        state.withLock { state in
            state.groups = state.groups.filter { key, group in
                key.date >= today || group.isDue || group.driftsSince != nil
            }
        }
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
