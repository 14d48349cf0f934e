import HufuServer
import Storage

extension RunningServer {
    /// What the sweep's service does at its interval. Answers how many codes it marked.
    func sweep() async throws -> Int { try await server.authority.sweep() }

    /// How many rows a table has, staged ones included, which no answer shows.
    func count(_ table: String) async throws -> Int {
        try await server.authority.store.read { try $0.rows("SELECT count(*) FROM \(table)")[0].integer(0) }
    }

    /// Changes the database behind the server's back.
    func run(_ sql: String) async throws {
        _ = try await server.authority.store.write { try $0.run(sql) }
    }

    /// The bytes of an entry: the leaf's data.
    func leaf(_ index: Int) async throws -> [UInt8] {
        let stored = try await server.authority.store.read { try $0.entry(index: index) }
        return stored.map { Array($0.body) } ?? []
    }
}
