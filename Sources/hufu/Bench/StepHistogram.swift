import Foundation

/// How long one step of the gateway took, as a running server's `/metrics` tells it.
struct StepHistogram: Sendable {
    /// Upper bounds in seconds, and how many calls took no longer.
    private var buckets: [(bound: Double, count: Double)]

    init(step: String, metrics: String) {
        let start = "hufu_gateway_step_seconds_bucket{step=\"\(step)\",le=\""
        buckets = metrics.split(separator: "\n").compactMap { line in
            guard line.hasPrefix(start) else { return nil }
            let parts = line.dropFirst(start.count).split(separator: "\"} ")
            guard parts.count == 2, let count = Double(parts[1]) else { return nil }
            return (Double(parts[0]) ?? .infinity, count)
        }
    }

    /// The calls since an earlier look.
    func since(_ earlier: StepHistogram) -> StepHistogram {
        var result = self
        for index in result.buckets.indices where index < earlier.buckets.count {
            result.buckets[index].count -= earlier.buckets[index].count
        }
        return result
    }

    /// In milliseconds, taken as evenly spread within its bucket.
    func quantile(_ part: Double) -> Double {
        guard let total = buckets.last?.count, total > 0 else { return .nan }
        var below = (bound: 0.0, count: 0.0)
        for bucket in buckets {
            if bucket.count >= total * part, bucket.bound.isFinite {
                let share = (total * part - below.count) / (bucket.count - below.count)
                return (below.bound + (bucket.bound - below.bound) * share) * 1000
            }
            below = bucket
        }
        return below.bound * 1000
    }
}
