import ArgumentParser
import AuditLog
import Foundation

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this machine: each figure beside a yardstick of the same run.",
        discussion: """
            Machines differ and are shared, so a figure alone says little: what counts is its ratio to the bare part \
            (the same rows through bare GRDB, the same route on bare Hummingbird, …) measured in the same run. Use a \
            release build.

            EXAMPLES
              hufu bench all
              hufu bench store --json
            """,
        subcommands: [
            BenchAll.self, BenchCodes.self, BenchStore.self, BenchLog.self, BenchHTTP.self, BenchCrypto.self,
            BenchGateway.self, BenchPlatform.self,
        ])
}

struct BenchOptions: ParsableArguments {
    @Option(help: "Where the databases of the run go, removed afterwards (default: the temporary directory).")
    var directory: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    /// Runs a group in a directory of its own and prints its figures.
    func run(_ groups: [(String) async throws -> [BenchFigure]]) async throws {
        #if DEBUG
            standardError("note: this is a debug build; its figures mean nothing")
        #endif
        let parent = directory ?? FileManager.default.temporaryDirectory.path
        let path = parent + "/hufu-bench-\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var figures: [BenchFigure] = []
        for group in groups {
            let measured = try await group(path)
            if json { for figure in measured { say(figure.json.canonicalText) } }
            figures += measured
        }
        if !json { say(BenchFigure.table(figures)) }
    }
}

struct BenchAll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "all", abstract: "Every benchmark.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.run([
            BenchCodes.measure, BenchStore.measure, BenchLog.measure, BenchHTTP.measure, BenchProcess.measure,
            BenchCrypto.measure, BenchTiming.measure, BenchGateway.measure, BenchAdmission.measure,
            BenchPlatform.measure, BenchPlatformParts.measure,
        ])
    }
}

/// A measured value beside the yardstick of the same run.
struct BenchFigure {
    var name: String
    var value: Double
    var unit: String
    var yardstick: String
    var yardstickValue: Double

    var ratio: Double { value / yardstickValue }

    var json: JSON {
        [
            "name": .string(name), "value": .number(value), "unit": .string(unit),
            "yardstick": .string(yardstick),
            "yardstick_value": .number(yardstickValue), "ratio": .number(ratio),
        ]
    }

    static func table(_ figures: [BenchFigure]) -> String {
        var table = Table(head: ["FIGURE", "VALUE", "UNIT", "YARDSTICK'S", "RATIO", "YARDSTICK"])
        for figure in figures {
            table.add([
                figure.name, short(figure.value), figure.unit, short(figure.yardstickValue),
                String(format: "%.2f", figure.ratio), figure.yardstick,
            ])
        }
        return table.text
    }

    private static func short(_ value: Double) -> String {
        String(format: value >= 1000 ? "%.0f" : "%.2f", value)
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

extension [Double] {
    /// The value below which the given part of all lies; 0.5 is the median.
    func quantile(_ part: Double) -> Double {
        guard !isEmpty else { return .nan }
        return sorted()[Swift.min(count - 1, Int(Double(count) * part))]
    }
}

/// Milliseconds that the work took.
func timed(_ work: () async throws -> Void) async rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await work()
    return start.duration(to: clock.now).milliseconds
}
