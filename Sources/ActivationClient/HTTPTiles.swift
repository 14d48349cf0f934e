import AuditLog

/// A log as its server publishes it, below `/log`.
package struct HTTPTiles: TileReader {
    private let connection: APIConnection
    private let prefix: String

    /// - Parameter connection: to the server. With an auditor's token it reads entry bundles too.
    package init(_ connection: APIConnection, prefix: String = "/log/") {
        self.connection = connection
        self.prefix = prefix
    }

    package func read(_ path: String) async throws -> [UInt8]? {
        do {
            return try await connection.send(.get, prefix + path).bytes
        } catch let problem as APIProblem where problem.status == 404 {
            return nil
        }
    }
}
