import AsyncHTTPClient
import NIOCore
import PlatformSimulator
import Synchronization

/// Further clients of a scenario, shut down when it ends.
final class ClientShelf: Sendable {
    private let clients = Mutex<[HTTPClient]>([])

    func client(
        _ addresses: SandboxAddresses, withCertificate: Bool, patience: TimeAmount
    ) throws -> HTTPClient {
        let client = try SandboxClient.http(
            addresses, withCertificate: withCertificate, patience: patience)
        clients.withLock { $0.append(client) }
        return client
    }

    func shutDown() async throws {
        let all = clients.withLock { clients in
            defer { clients = [] }
            return clients
        }
        for client in all { try await client.shutdown() }
    }
}
