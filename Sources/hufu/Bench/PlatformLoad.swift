import InsurancePlatform
import Synchronization

/// Calls to a platform, whichever way they go; each must succeed.
struct PlatformLoad: Sendable {
    let platform: any Platform
    let calls: [PlatformCall]

    /// At a steady rate (a second), whatever the answers take: what waits counts as latency.
    ///
    /// - Returns: from when a call was due until its answer was there, in milliseconds, by the calls' order.
    func paced(_ rate: Double) async throws -> [Double] {
        try await withThrowingTaskGroup(of: (Int, Double).self) { group in
            let start = ContinuousClock.now
            for (number, call) in calls.enumerated() {
                let due = start + .seconds(Double(number) / rate)
                try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                group.addTask {
                    try await carry(call)
                    return (number, due.duration(to: .now).milliseconds)
                }
            }
            var latencies = [Double](repeating: .nan, count: calls.count)
            for try await (number, latency) in group { latencies[number] = latency }
            return latencies
        }
    }

    /// As fast as it goes with so many at a time.
    ///
    /// - Returns: calls a second.
    func full(atOnce workers: Int) async throws -> Double {
        let next = NextCall()
        let time = try await timed {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<workers {
                    group.addTask {
                        while true {
                            let number = next.number.wrappingAdd(1, ordering: .relaxed).oldValue
                            guard number < calls.count else { return }
                            try await carry(calls[number])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(calls.count) / time * 1000
    }

    private func carry(_ call: PlatformCall) async throws {
        let answer = try await platform.carry(call)
        guard answer.isSuccess else {
            throw CommandFailure(
                .refused, "\(call.infno) was refused: \(answer.infcode) \(answer.message ?? "")")
        }
    }
}

private final class NextCall: Sendable {
    let number = Atomic(0)
}
