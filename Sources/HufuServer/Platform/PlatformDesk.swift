import Foundation
package import InsurancePlatform
import Logging
import Storage

/// All that this server does at the national platform beside carrying queries: money calls, finding out what
/// became of them, and the books of each day.
package struct PlatformDesk: Sendable {
    package let settlements: Settlements
    package let resolver: Resolver
    package let reconciliation: Reconciliation
    private let guarded: [GuardedPlatform]

    /// - Parameter guarded: whose counters `/metrics` shows; one for each upstream.
    package init(
        authority: Authority, sites: [SettlementSite], schedule: RecoverySchedule = .standard,
        guarded: [GuardedPlatform] = []
    ) {
        settlements = Settlements(authority: authority, sites: sites, schedule: schedule)
        resolver = Resolver(settlements)
        reconciliation = Reconciliation(settlements, resolver)
        self.guarded = guarded
    }

    package var drift: DriftWatch { settlements.drift }

    /// The long-lived loops.
    func services(_ logger: Logger) -> [RepeatedService] {
        [
            .resolver(resolver, logger), .drift(settlements.drift, logger),
            .reconciliation(reconciliation, logger),
        ]
    }

    /// Prometheus text exposition format 0.0.4.
    package func metrics() async throws -> String {
        let authority = settlements.authority
        let (open, tasks) = try await authority.store.read {
            (try $0.openSettlementCount(), try $0.openTaskCount())
        }
        let age = open.oldest.map { max(0, settlements.now - $0) / 1000 } ?? 0
        var lanes: [CallClass: PlatformMetrics.Lane] = [:]
        for platform in guarded { lanes.merge(platform.metrics.lanes) { $0.joined($1) } }
        let gauges = [
            Gauge("hufu_platform_settlements_open", "Money calls whose outcome is open.", open.count),
            Gauge(
                "hufu_platform_settlements_oldest_open_seconds", "Age of the oldest open money call.", age),
            Gauge(
                "hufu_platform_drifting_groups", "Groups whose totals differ from the platform's.",
                settlements.drift.drifting.count),
            Gauge("hufu_platform_tasks_open", "Differences left for a person.", tasks),
        ]
        return gauges.reduce(into: PlatformMetrics(lanes: lanes).text) { $0 += $1.text }
    }
}
