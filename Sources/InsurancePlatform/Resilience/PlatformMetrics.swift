/// What became of the calls to the platform, by class, since the process began.
public struct PlatformMetrics: Sendable {
    public struct Lane: Sendable {
        public var phase = CircuitBreaker.Phase.closed
        /// How often the circuit opened.
        public var openings = 0
        public var inFlight = 0
        public var succeeded = 0
        /// Business refusals: answers too.
        public var refused = 0
        public var retries = 0
        public var failures: [PlatformFailure.Reason: Int] = [:]
        public var latency = LatencyHistogram()

        mutating func fail(_ reason: PlatformFailure.Reason) { failures[reason, default: 0] += 1 }
    }

    public var lanes: [CallClass: Lane]

    public init(lanes: [CallClass: Lane]) { self.lanes = lanes }

    /// Prometheus text exposition format 0.0.4.
    public var text: String {
        let ordered = CallClass.allCases.compactMap { kind in lanes[kind].map { (kind.rawValue, $0) } }
        var text = Self.head("hufu_platform_calls_total", "counter", "Calls to the platform by outcome.")
        for (kind, lane) in ordered {
            text += "hufu_platform_calls_total{class=\"\(kind)\",outcome=\"success\"} \(lane.succeeded)\n"
            text += "hufu_platform_calls_total{class=\"\(kind)\",outcome=\"refused\"} \(lane.refused)\n"
            for (reason, count) in lane.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                text +=
                    "hufu_platform_calls_total{class=\"\(kind)\",outcome=\"\(reason.rawValue)\"} \(count)\n"
            }
        }
        let gauges: [(String, String, String, (Lane) -> Int)] = [
            ("in_flight", "gauge", "Calls under way.", { $0.inFlight }),
            ("retries_total", "counter", "Queries that were repeated.", { $0.retries }),
            (
                "circuit_open", "gauge", "1 while the circuit admits nothing or only probes.",
                { $0.phase == .closed ? 0 : 1 }
            ),
            ("circuit_openings_total", "counter", "How often the circuit opened.", { $0.openings }),
        ]
        for (name, type, help, value) in gauges {
            text += Self.head("hufu_platform_\(name)", type, help)
            for (kind, lane) in ordered {
                text += "hufu_platform_\(name){class=\"\(kind)\"} \(value(lane))\n"
            }
        }
        text += Self.head("hufu_platform_call_seconds", "histogram", "How long calls took.")
        for (kind, lane) in ordered {
            text += lane.latency.text("hufu_platform_call_seconds", "class=\"\(kind)\"")
        }
        return text
    }

    private static func head(_ name: String, _ type: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}

extension PlatformMetrics.Lane {
    /// Of two upstreams together: the worse phase, and the sums.
    public func joined(_ other: PlatformMetrics.Lane) -> PlatformMetrics.Lane {
        var sum = self
        if phase == .closed { sum.phase = other.phase }
        sum.openings += other.openings
        sum.inFlight += other.inFlight
        sum.succeeded += other.succeeded
        sum.refused += other.refused
        sum.retries += other.retries
        sum.failures.merge(other.failures, uniquingKeysWith: +)
        sum.latency.add(other.latency)
        return sum
    }
}
