import ActivationCodes
import ArgumentParser
import Foundation
import GRDB
import HufuServer

struct BenchCodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codes", abstract: "Generating codes, and issuing and persisting them.")

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure]) }

    private static let count = 100_000

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        [try await generation(), try await issuing(directory)]
    }

    private static func generation() async throws -> BenchFigure {
        var generating: [Double] = []
        var drawing: [Double] = []
        for _ in 0..<5 {
            drawing.append(
                try await timed {
                    for _ in 0..<(count / 100) { _ = try EntropySource.system.bytes(26 * 100) }
                })
            generating.append(
                try await timed {
                    var generator = CodeGenerator(entropy: .system)
                    let codes = try generator.next(count)
                    precondition(Set(codes.prefix(1000)).count == 1000)
                })
        }
        return BenchFigure(
            name: "codes.generate_100k", value: generating.quantile(0.5), unit: "ms",
            yardstick: "ms to draw as many random symbols from getrandom alone",
            yardstickValue: drawing.quantile(0.5))
    }

    private static func issuing(_ directory: String) async throws -> BenchFigure {
        let stage = try await BenchStage(directory: directory + "/issue")
        let issued = try await timed { try await stage.issue(count) }
        try await stage.server.close()
        let bare = try await timed { try insertBare(directory + "/bare.db") }
        return BenchFigure(
            name: "codes.issue_100k", value: issued / 1000, unit: "s",
            yardstick: "s to insert as many rows of 400 bytes by bare GRDB, 1,000 a transaction",
            yardstickValue: bare / 1000)
    }

    private static func insertBare(_ path: String) throws {
        let pool = try DatabasePool(path: path)
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(
                sql: "CREATE TABLE t (i INTEGER PRIMARY KEY, id TEXT UNIQUE, lookup BLOB UNIQUE, rest BLOB)")
            let rest = Data(repeating: 7, count: 330)
            for start in stride(from: 0, to: count, by: 1000) {
                try database.inTransaction {
                    let statement = try database.cachedStatement(
                        sql: "INSERT INTO t (i, id, lookup, rest) VALUES (?, ?, ?, ?)")
                    for row in start..<(start + 1000) {
                        statement.setUncheckedArguments([
                            row, UUID().uuidString, Data(try EntropySource.system.bytes(32)), rest,
                        ])
                        try statement.execute()
                    }
                    return .commit
                }
            }
        }
        try pool.close()
    }
}
