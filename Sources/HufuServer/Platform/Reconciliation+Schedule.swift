import Foundation
import InsurancePlatform
import Logging
import Storage

extension Reconciliation {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    /// The platform has closed a day so long after its end.
    private static let closing = hour
    /// How many days back are looked at.
    private static let reach: Int64 = 31

    /// The days whose books are to be compared now, the newest first: docs/formats/settlements.md says which.
    package func dueDates() async throws -> [String] {
        let now = settlements.now
        let last = ChinaTime.text(now - Self.day - Self.closing, .date)
        let reached = ChinaTime.text(now - Self.reach * Self.day - Self.closing, .date)
        var due: Set<String> = []
        for code in settlements.codes {
            let first = max(reached, try await firstDate(code))
            if first > last { continue }
            let isAlwaysCompared = try !settlements.site(code).alwaysCompared.isEmpty
            due.formUnion(
                try await authority.store.read { transaction in
                    let books = try DaysBooks(transaction, code, from: first, through: last)
                    return try Self.days(from: first, through: last).filter { date in
                        try books.areDue(date, closedAt: Self.end(date) + Self.closing, now: now)
                            ?? (isAlwaysCompared
                                || transaction.hasStatements(fixmedinsCode: code, date: date))
                    }
                })
        }
        return due.sorted(by: >)
    }

    /// The first day whose books are this server's: what was settled before is nobody's task here.
    private func firstDate(_ code: String) async throws -> String {
        let name = "platform.first_day.\(code)"
        if let known = try await authority.store.read({ try $0.setting(name) }) { return known }
        let today = ChinaTime.text(settlements.now, .date)
        return try await authority.store.write { transaction in
            let first = min(try transaction.firstSettlementDate(fixmedinsCode: code) ?? today, today)
            try transaction.set(name, to: first)
            return first
        }
    }

    private static func days(from first: String, through last: String) -> [String] {
        var days: [String] = []
        var date = first
        while date <= last {
            days.append(date)
            date = ChinaTime.text(end(date), .date)
        }
        return days
    }

    /// Midnight behind a day, in unix milliseconds.
    private static func end(_ date: String) -> Int64 { (ChinaTime.milliseconds(date, .date) ?? 0) + day }

    /// What is known of an institution's days.
    private struct DaysBooks {
        private let results: [String: [StatementResult]]
        private let tasks: Set<String>
        private let reversals: [StatementKey]

        init(_ transaction: Transaction, _ code: String, from first: String, through last: String) throws {
            let found = try transaction.statementResults(from: first, through: last)
            results = Dictionary(grouping: found.filter { $0.key.fixmedinsCode == code }, by: \.key.date)
            tasks = try transaction.datesOfOpenTasks(fixmedinsCode: code)
            reversals = Array(
                try transaction.unconfirmedReversals(fixmedinsCode: code, from: first, through: last).values)
        }

        /// Nil where the day was never compared.
        func areDue(_ date: String, closedAt: Int64, now: Int64) -> Bool? {
            guard let results = results[date], let oldest = results.map(\.comparedAt).min() else {
                return nil
            }
            if oldest < closedAt { return true }
            let isEqual =
                results.allSatisfy { $0.outcome == .equal && $0.open == 0 } && !tasks.contains(date)
            let isConfirmed = !reversals.contains { reversal in
                results.contains { $0.key.mayHold(reversal) }
            }
            return !(isEqual && isConfirmed) && now - oldest >= Self.pause(age: now - closedAt)
        }

        /// Between two comparisons of a day: the older it is, the longer.
        private static func pause(age: Int64) -> Int64 {
            switch age {
            case ..<day: hour
            case ..<(7 * day): 6 * hour
            default: day
            }
        }
    }
}

extension RepeatedService {
    static func reconciliation(_ reconciliation: Reconciliation, _ logger: Logger) -> RepeatedService {
        RepeatedService(name: "the daily reconciliation", interval: .seconds(300), logger: logger) {
            for date in try await reconciliation.dueDates() where !Task.isCancelled {
                do {
                    let report = try await reconciliation.run(
                        date: date, by: try reconciliation.authority.systemCall())
                    let metadata: Logger.Metadata = ["date": "\(date)", "tasks": "\(report.tasks.count)"]
                    if report.isEqual {
                        logger.info("the day's books are equal", metadata: metadata)
                    } else {
                        logger.warning("the day's books are not equal", metadata: metadata)
                    }
                } catch {
                    // One day that can't be compared must not keep the others from it.
                    logger.error(
                        "the day's books could not be compared",
                        metadata: ["date": "\(date)", "error": "\(error)"])
                }
            }
        }
    }
}
