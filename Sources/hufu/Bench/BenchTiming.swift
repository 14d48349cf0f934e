import Foundation
import ShangMi

/// Whether secrets can be told apart by how long they take: signatures under an extreme key against those under
/// random ones, in random order.
enum BenchTiming {
    private static let samples = 1_000_000

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let extreme = try SM2.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 0, count: 31) + [1])
        let others = (0..<64).map { _ in SM2.Signing.PrivateKey() }
        let digest = [UInt8](repeating: 0xA5, count: 32)
        let t = welch { group, number in
            let key = group == 0 ? extreme : others[number & 63]
            _ = try? key.signature(forDigest: digest)
        }
        return [
            BenchFigure(
                name: "sm2.timing_t", value: abs(t), unit: "|t|",
                yardstick:
                    "|t| of Welch's test over \(samples) signatures, key 1 against random keys: the limit",
                yardstickValue: 10)
        ]
    }

    /// Welch's t between two groups. Times beyond the 90th of a hundred of a first trial are interrupts and
    /// left out, the same for both.
    private static func welch(_ work: (_ group: Int, _ number: Int) -> Void) -> Double {
        let clock = ContinuousClock()
        func time(_ group: Int, _ number: Int) -> Double {
            clock.measure { work(group, number) }.milliseconds * 1e6
        }
        let cut = (0..<4000).map { time($0 & 1, $0) }.quantile(0.9)
        var groups = [Moments(), Moments()]
        let progress = ProgressBar("timing")
        for number in 0..<samples {
            let group = Int.random(in: 0...1)
            let nanoseconds = time(group, number)
            if nanoseconds <= cut { groups[group].add(nanoseconds) }
            if number & 0xFFFF == 0 { progress.update(number, of: samples) }
        }
        progress.finish()
        let error = (groups[0].variance / groups[0].count + groups[1].variance / groups[1].count).squareRoot()
        return (groups[0].mean - groups[1].mean) / error
    }
}

/// Mean and variance of a stream of numbers (Welford).
private struct Moments {
    private(set) var count = 0.0
    private(set) var mean = 0.0
    private var squares = 0.0

    var variance: Double { squares / (count - 1) }

    mutating func add(_ value: Double) {
        count += 1
        let delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
    }
}
