import Synchronization

/// Where a call's time goes: a histogram a step, for `/metrics`.
final class StepTimes: Sendable {
    enum Step: Int, CaseIterable {
        /// Version and fields.
        case parse
        /// The key, from memory or for the first time from the store.
        case key
        /// From the body's bytes to the text that is signed.
        case canonical
        case verify
        /// In the transaction.
        case decide
        /// From the call's arrival to its last check, the wait for the writer included: admission without the
        /// durable entry.
        case checks
        /// Until the entry is durable, the wait for the writer included.
        case commit
    }

    /// Upper bounds in microseconds.
    private static let bounds = [
        5, 10, 25, 50, 100, 250, 500, 750, 1000, 1500, 2500, 5000, 10_000, 50_000, 250_000,
    ]

    private struct Histogram {
        var counts = [Int](repeating: 0, count: StepTimes.bounds.count + 1)
        var nanoseconds: Int64 = 0

        mutating func add(_ nanoseconds: Int64) {
            let nanoseconds = max(0, nanoseconds)
            let microseconds = nanoseconds / 1000
            counts[StepTimes.bounds.firstIndex { microseconds <= $0 } ?? StepTimes.bounds.count] += 1
            self.nanoseconds += nanoseconds
        }
    }

    private let histograms = Mutex([Histogram](repeating: Histogram(), count: Step.allCases.count))

    func record(_ step: Step, _ nanoseconds: Int64) {
        histograms.withLock { $0[step.rawValue].add(nanoseconds) }
    }

    /// Two steps under one lock.
    func record(_ first: (step: Step, nanoseconds: Int64), _ second: (step: Step, nanoseconds: Int64)) {
        histograms.withLock { histograms in
            histograms[first.step.rawValue].add(first.nanoseconds)
            histograms[second.step.rawValue].add(second.nanoseconds)
        }
    }

    /// Prometheus text exposition format 0.0.4.
    var text: String {
        let histograms = histograms.withLock { $0 }
        var text = """
            # HELP hufu_gateway_step_seconds Where the time of signed calls goes, by step.
            # TYPE hufu_gateway_step_seconds histogram

            """
        for (step, histogram) in zip(Step.allCases, histograms) {
            let name = "hufu_gateway_step_seconds"
            var total = 0
            for (count, bound) in zip(histogram.counts, Self.bounds) {
                total += count
                text += "\(name)_bucket{step=\"\(step)\",le=\"\(Double(bound) / 1e6)\"} \(total)\n"
            }
            total += histogram.counts[Self.bounds.count]
            text += "\(name)_bucket{step=\"\(step)\",le=\"+Inf\"} \(total)\n"
            text += "\(name)_sum{step=\"\(step)\"} \(Double(histogram.nanoseconds) / 1e9)\n"
            text += "\(name)_count{step=\"\(step)\"} \(total)\n"
        }
        return text
    }
}
