import ArgumentParser
import AuditLog
import Foundation
import HufuServer
import Storage

struct BenchLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "How long a durable entry waits for a signed checkpoint.")

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure]) }

    private static let perSecond = 5000
    private static let seconds = 6
    private static let ticksPerSecond = 100

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let stage = try await BenchStage(directory: directory + "/log")
        let running = Task { try await stage.server.run() }
        let lags = try await lags(stage)
        await stage.server.stop()
        try await running.value
        return [
            BenchFigure(
                name: "log.checkpoint_lag_p99", value: lags.quantile(0.99), unit: "ms",
                yardstick: "ms, p99, of one 8 KiB file written, synced and renamed on the same disk",
                yardstickValue: try durableFiles(directory).quantile(0.99))
        ]
    }

    /// Entries come evenly; each is timed from durable to covered.
    private static func lags(_ stage: BenchStage) async throws -> [Double] {
        let store = stage.server.authority.store
        let body = BenchStore.entry()
        let keys = EntryKeys(
            at: stage.server.authority.now(), event: "code.used", outcome: "success", subjectID: nil,
            applicationID: nil)
        let clock = ContinuousClock()
        let start = clock.now
        var durable: [(index: Int, at: ContinuousClock.Instant)] = []
        let covered = Task { await watch(stage.server.sequencer, until: start + .seconds(seconds + 2)) }
        let perTick = perSecond / ticksPerSecond
        for tick in 0..<(seconds * ticksPerSecond) {
            let last = try await store.write { transaction in
                var last = 0
                for _ in 0..<perTick { last = try transaction.append(body, keys: keys) }
                return last
            }
            let now = clock.now
            stage.server.sequencer.notify()
            for index in (last - perTick + 1)...last { durable.append((index, now)) }
            try await clock.sleep(until: start + .milliseconds((tick + 1) * 1000 / ticksPerSecond))
        }
        let sizes = await covered.value
        var position = 0
        return durable.compactMap { index, at in
            while position < sizes.count, sizes[position].size <= index { position += 1 }
            return position < sizes.count ? at.duration(to: sizes[position].at).milliseconds : nil
        }
    }

    private static func watch(
        _ sequencer: Sequencer, until end: ContinuousClock.Instant
    ) async -> [(size: Int, at: ContinuousClock.Instant)] {
        let clock = ContinuousClock()
        var sizes: [(size: Int, at: ContinuousClock.Instant)] = []
        while clock.now < end {
            let size = sequencer.latest?.head.size ?? 0
            if size > sizes.last?.size ?? -1 { sizes.append((size, clock.now)) }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return sizes
    }

    private static func durableFiles(_ directory: String) throws -> [Double] {
        let tiles = DirectoryTiles(directory: directory + "/files")
        let bytes = [UInt8](repeating: 1, count: 8192)
        let clock = ContinuousClock()
        return try (0..<300).map { number in
            let start = clock.now
            try tiles.write(bytes, to: "file-\(number)")
            try tiles.synchronize()
            return start.duration(to: clock.now).milliseconds
        }
    }
}
