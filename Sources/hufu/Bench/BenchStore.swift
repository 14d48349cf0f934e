import ActivationCodes
import ArgumentParser
import AuditLog
import Foundation
import GRDB
import HufuServer
import Storage

struct BenchStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Durable transactions, each a state change and its entry.")

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure]) }

    private static let callers = 256
    private static let rounds = 200

    /// Rounds of both in turn, so that the machine's moods meet both.
    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let store = try Store(path: directory + "/store.db")
        guard try await store.synchronousMode() == 2 else {
            throw CommandFailure(.environment, "error: PRAGMA synchronous is not FULL")
        }
        let bare = try BareLoop(path: directory + "/store-bare.db")
        let body = entry()
        try await store.write { transaction in
            for row in 0..<callers { try transaction.set("row-\(row)", to: "0") }
        }
        var ours: [Double] = []
        var theirs: [Double] = []
        for turn in 0..<5 {
            ours.append(try await transactions(store, body, turn))
            theirs.append(try bare.transactions(body, rounds: rounds, batch: callers))
        }
        try store.close()
        return [
            BenchFigure(
                name: "store.durable_tx", value: ours.quantile(0.5), unit: "tx/s",
                yardstick:
                    "tx/s of the same rows by a bare GRDB loop, \(callers) a transaction, synchronous=2",
                yardstickValue: theirs.quantile(0.5))
        ]
    }

    private static func transactions(_ store: Store, _ body: Data, _ turn: Int) async throws -> Double {
        let keys = EntryKeys(
            at: Date(unixMilliseconds: 1_800_000_000_000), event: "code.used", outcome: "success",
            subjectID: "01a1fc3b-bd2c-715f-9acb-8182d114ef0d", applicationID: nil)
        let milliseconds = try await timed {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        for round in 0..<rounds {
                            try await store.write { transaction in
                                try transaction.set("row-\(caller)", to: "\(turn)-\(round)")
                                try transaction.append(body, keys: keys)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(callers * rounds) / milliseconds * 1000
    }

    /// An entry as a metered use writes it.
    static func entry() -> Data {
        let id = UUID().uuidString.lowercased()
        let entry = AuditEntry(
            unixNanoseconds: 1_800_000_000_000_000_000, event: "code.used", action: "use",
            actor: .init(kind: .device, id: id), origin: .init(door: "http"),
            subject: .init(kind: "code", id: id),
            requestID: id, traceID: id.filter { $0 != "-" }, serialNumber: id,
            policyReferences: ["outpatient/1", "A.9.4.2-v2.1"], data: ["amount": 1, "index": 1],
            commitments: ["origin.address": Data(repeating: 1, count: 32)])
        return Data(entry.canonicalBytes())
    }
}

/// The yardstick: the same two rows by GRDB alone, as fast as it goes.
struct BareLoop {
    private let pool: DatabasePool

    init(path: String) throws {
        pool = try DatabasePool(path: path)
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(
                sql: """
                    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE entries (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL,
                        outcome TEXT NOT NULL, subject_id TEXT, application_id TEXT, body BLOB NOT NULL,
                        payload_key TEXT, payload BLOB);
                    """)
        }
    }

    func transactions(_ body: Data, rounds: Int, batch: Int) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try pool.writeWithoutTransaction { database in
            for round in 0..<rounds {
                try database.inTransaction {
                    let setting = try database.cachedStatement(
                        sql: """
                            INSERT INTO settings (name, value) VALUES (?, ?)
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value
                            """)
                    let entry = try database.cachedStatement(
                        sql: """
                            INSERT INTO entries (at, event, outcome, subject_id, application_id, body, payload_key,
                            payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                    for row in 0..<batch {
                        setting.setUncheckedArguments(["row-\(row)", "\(round)"])
                        try setting.execute()
                        entry.setUncheckedArguments([
                            1_800_000_000_000, "code.used", "success", "01a1fc3b-bd2c-715f-9acb-8182d114ef0d",
                            nil,
                            body, nil, nil,
                        ])
                        try entry.execute()
                    }
                    return .commit
                }
            }
        }
        return Double(rounds * batch) / start.duration(to: clock.now).milliseconds * 1000
    }
}
