import Synchronization

/// What `/metrics` counts: decisions by event and outcome, answers by status, refused attempts.
package final class Counters: Sendable {
    private struct Values {
        var decisions: [String: [String: Int]] = [:]
        var answers: [Int: Int] = [:]
        var rateLimited = 0
    }

    private let values = Mutex(Values())

    func decided(_ event: String, _ reason: String?) {
        values.withLock { $0.decisions[event, default: [:]][reason ?? "success", default: 0] += 1 }
    }

    func answered(_ status: Int) { values.withLock { $0.answers[status, default: 0] += 1 } }

    func rateLimited() { values.withLock { $0.rateLimited += 1 } }

    /// Prometheus text exposition format 0.0.4.
    func text(gauges: [Gauge]) -> String {
        let values = values.withLock { $0 }
        var text = """
            # HELP hufu_decisions_total Decisions by event and outcome (success or the refusal's code).
            # TYPE hufu_decisions_total counter

            """
        for (event, outcomes) in values.decisions.sorted(by: { $0.key < $1.key }) {
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) {
                text += "hufu_decisions_total{event=\"\(event)\",outcome=\"\(outcome)\"} \(count)\n"
            }
        }
        text += """
            # HELP hufu_http_responses_total HTTP answers by status.
            # TYPE hufu_http_responses_total counter

            """
        for (status, count) in values.answers.sorted(by: { $0.key < $1.key }) {
            text += "hufu_http_responses_total{status=\"\(status)\"} \(count)\n"
        }
        text += """
            # HELP hufu_rate_limited_total Requests refused because they came too often.
            # TYPE hufu_rate_limited_total counter
            hufu_rate_limited_total \(values.rateLimited)

            """
        return gauges.reduce(into: text) { $0 += $1.text }
    }
}
