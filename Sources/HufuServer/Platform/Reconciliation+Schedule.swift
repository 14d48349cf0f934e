import Foundation
package import InsurancePlatform
import Logging
import Storage

extension Reconciliation {
    /// The platform has closed the day by then.
    private static let firstHour: Int64 = 1
    private static let hour: Int64 = 3_600_000

    /// Reconciles yesterday unless that was done since, and again every hour while it isn't equal.
    @discardableResult
    package func runIfDue() async throws -> ReconciliationReport? {
        let now = settlements.now
        let today = ChinaTime.text(now, .date)
        guard let midnight = ChinaTime.milliseconds(today, .date),
            now >= midnight + Self.firstHour * Self.hour
        else { return nil }
        let yesterday = ChinaTime.text(midnight - Self.hour, .date)
        let last = try await report(date: yesterday)
        let oldest = last.statements.map(\.comparedAt).min() ?? 0
        if oldest >= midnight, last.isEqual || now - oldest < Self.hour { return nil }
        if last.statements.isEmpty {
            let settled = try await authority.store.read { try $0.settlingInstitutions(date: yesterday) }
            if settled.isEmpty { return nil }
        }
        return try await run(date: yesterday, by: try authority.systemCall())
    }
}

extension RepeatedService {
    static func reconciliation(_ reconciliation: Reconciliation, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "the daily reconciliation", interval: .seconds(300), logger: logger) {
            guard let report = try await reconciliation.runIfDue() else { return }
            let metadata: Logger.Metadata = ["date": "\(report.date)", "tasks": "\(report.tasks.count)"]
            if report.isEqual {
                logger.info("the day's books are equal", metadata: metadata)
            } else {
                logger.warning("the day's books are not equal", metadata: metadata)
            }
        }
    }
}
