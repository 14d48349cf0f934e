/// How long calls took, in milliseconds.
public struct LatencyHistogram: Sendable {
    private static let bounds: [Int64] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]

    private var counts = [Int](repeating: 0, count: LatencyHistogram.bounds.count + 1)
    private var sum: Int64 = 0
    public private(set) var count = 0

    mutating func record(_ milliseconds: Int64) {
        let duration = max(0, milliseconds)
        counts[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
        sum += duration
        count += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        for place in counts.indices { counts[place] += other.counts[place] }
        sum += other.sum
        count += other.count
    }

    /// The lines of one series, in seconds.
    func text(_ name: String, _ labels: String) -> String {
        var text = ""
        var total = 0
        for (count, bound) in zip(counts, Self.bounds) {
            total += count
            text += "\(name)_bucket{\(labels),le=\"\(Double(bound) / 1000)\"} \(total)\n"
        }
        text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(count)\n"
        text += "\(name)_sum{\(labels)} \(Double(sum) / 1000)\n\(name)_count{\(labels)} \(count)\n"
        return text
    }
}
