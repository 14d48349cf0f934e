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
        let gauges: [(String, String, Int64)] = [
            ("settlements_open", "Money calls whose outcome is open.", Int64(open.count)),
            ("settlements_oldest_open_seconds", "Age of the oldest open money call.", age),
            (
                "drifting_groups", "Groups whose totals differ from the platform's.",
                Int64(settlements.drift.drifting.count)
            ),
            ("tasks_open", "Differences left for a person.", Int64(tasks)),
        ]
        return gauges.reduce(into: PlatformMetrics(lanes: lanes).text) { text, gauge in
            let name = "hufu_platform_\(gauge.0)"
            text += "# HELP \(name) \(gauge.1)\n# TYPE \(name) gauge\n\(name) \(gauge.2)\n"
        }
    }
}
