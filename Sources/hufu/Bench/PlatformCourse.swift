import InsurancePlatform
import Storage

/// The turns of the measurement, each way by turns.
struct PlatformCourse {
    let gateway: GatewayCaller
    let direct: RESTPlatform
    let store: Store
    let visits: BenchVisits

    private static let turns = 3
    private static let secondsOfATurn = 2
    static let atOnce = 64
    /// 500,000 a day.
    private static let needed = 500_000.0 / 86_400

    private struct Latency {
        var p50: [Double] = []
        var p99: [Double] = []
        var settlementP99: [Double] = []

        mutating func add(_ turn: [Double], _ isSettlement: [Bool]) {
            p50.append(turn.quantile(0.5))
            p99.append(turn.quantile(0.99))
            settlementP99.append(zip(turn, isSettlement).filter(\.1).map(\.0).quantile(0.99))
        }
    }

    func latency(rate: Int) async throws -> [BenchFigure] {
        var (ours, theirs) = (Latency(), Latency())
        // The first turn of each warms up.
        for turn in 0...Self.turns {
            for isOurs in [true, false] {
                let (calls, isSettlement) = try await visits.mix(rate * Self.secondsOfATurn)
                let platform: any Platform = isOurs ? gateway : direct
                let taken = try await PlatformLoad(platform: platform, calls: calls).paced(Double(rate))
                if turn == 0 { continue }
                if isOurs { ours.add(taken, isSettlement) } else { theirs.add(taken, isSettlement) }
            }
        }
        let pingPong = try await pingPong(rate)
        func added(_ name: String, _ part: String, _ of: (Latency) -> [Double]) -> BenchFigure {
            let (through, bare) = (of(ours).quantile(0.5), of(theirs).quantile(0.5))
            return BenchFigure(
                name: "platform.added.\(name)", value: through - bare, unit: "ms",
                yardstick: "ms (\(part)) of the same calls sent directly, \(rate)/s", yardstickValue: bare)
        }
        return [
            added("p50", "p50", \.p50), added("p99", "p99", \.p99),
            added("settlement.p99", "p99 of settlements", \.settlementP99),
            BenchFigure(
                name: "platform.gateway.p99", value: ours.p99.quantile(0.5), unit: "ms",
                yardstick: "ms (p99) of a TCP ping-pong at the same rate, \(rate)/s", yardstickValue: pingPong
            ),
        ]
    }

    private func pingPong(_ rate: Int) async throws -> Double {
        let responder = try PlainResponder()
        defer { responder.end() }
        let requests = [String](
            repeating: HTTPLoad.post("/", String(repeating: "x", count: 1024)),
            count: rate * Self.secondsOfATurn)
        var latencies: [Double] = []
        for _ in 0..<Self.turns {
            latencies.append(
                try await PacedLoad(
                    port: responder.port, connections: Self.atOnce, rate: Double(rate), requests: requests
                ).run().quantile(0.99))
        }
        return latencies.quantile(0.5)
    }

    func headroom(_ count: Int) async throws -> [BenchFigure] {
        var (ours, theirs): ([Double], [Double]) = ([], [])
        // A visit's bills are settled one after the other: the next must not come while the last is under way.
        let bills = max(1, min(5, count / (4 * Self.atOnce)))
        // The first turn of each warms up.
        for turn in 0...Self.turns {
            let through = try await carried(visits.settlements(count, billsOfAVisit: bills))
            let bare = try await PlatformLoad(
                platform: direct, calls: visits.settlements(count, billsOfAVisit: bills)
            ).full(atOnce: Self.atOnce)
            if turn == 0 { continue }
            ours.append(through)
            theirs.append(bare)
        }
        let rate = ours.quantile(0.5)
        return [
            BenchFigure(
                name: "platform.headroom", value: rate, unit: "1/s",
                yardstick: "1/s of direct settlements at full load", yardstickValue: theirs.quantile(0.5)),
            BenchFigure(
                name: "platform.headroom.day", value: rate, unit: "1/s",
                yardstick: "1/s that 500,000 settlements a day are on average", yardstickValue: Self.needed),
        ]
    }

    /// Settlements a second by the gateway, called by connections that cost next to nothing. Afterwards the
    /// journal must have every one as settled.
    private func carried(_ calls: [PlatformCall]) async throws -> Double {
        let requests = try calls.map(gateway.signedText)
        let before = try await settled()
        let load = PacedLoad(
            port: gateway.port, connections: Self.atOnce, rate: .infinity, requests: requests)
        let time = try await timed { _ = try await load.run() }
        guard try await settled() - before == calls.count else {
            throw CommandFailure(.refused, "not all settlements were settled")
        }
        return Double(calls.count) / time * 1000
    }

    private func settled() async throws -> Int {
        let code = gateway.site.fixmedinsCode
        let now = DirectPlatform.milliseconds()
        // A run may last beyond midnight.
        let days = [now - 3_600_000, now].map { ChinaTime.text($0, .date) }
        return try await store.read { transaction in
            try Set(days).reduce(0) { sum, day in
                try transaction.statementTotals(fixmedinsCode: code, date: day).values
                    .reduce(sum) { $0 + $1.totals.count }
            }
        }
    }
}
