import AsyncHTTPClient
import Foundation
import InsurancePlatform
import NIOCore
import NIOHTTP1
import PlatformSimulator
import Testing

/// A sandbox on free ports in this process, its own directory, and a client that calls it over real mutual TLS.
struct RunningSandbox: Sendable {
    let sandbox: Sandbox
    let addresses: SandboxAddresses
    let client: SandboxClient
    private let shelf = ClientShelf()

    init(sandbox: Sandbox, addresses: SandboxAddresses, client: SandboxClient) {
        self.sandbox = sandbox
        self.addresses = addresses
        self.client = client
    }

    /// Another client, with connections of its own.
    func http(withCertificate: Bool, patience: TimeAmount = .seconds(10)) throws -> HTTPClient {
        try shelf.client(addresses, withCertificate: withCertificate, patience: patience)
    }

    static func run(
        in directory: String? = nil, _ change: (inout SandboxConfiguration) -> Void = { _ in },
        scenario: (RunningSandbox) async throws -> Void
    ) async throws {
        let path = directory ?? NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
        defer { if directory == nil { try? FileManager.default.removeItem(atPath: path) } }
        var configuration = SandboxConfiguration(dataDirectory: path)
        configuration.persons = 20
        change(&configuration)
        let sandbox = try await Sandbox(configuration: configuration)
        try await withThrowingTaskGroup { group in
            group.addTask { try await sandbox.run() }
            let addresses = try await sandbox.addresses
            let running = RunningSandbox(
                sandbox: sandbox, addresses: addresses,
                client: try await SandboxClient(sandbox, addresses))
            do {
                try await scenario(running)
                try await checkBooks(sandbox)
            } catch {
                try? await running.shutDown()
                group.cancelAll()
                throw error
            }
            try await running.shutDown()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func shutDown() async throws {
        try await shelf.shutDown()
        try await client.shutDown()
    }

    /// Whatever a scenario did, the books hold.
    private static func checkBooks(_ sandbox: Sandbox) async throws {
        for finding in try await sandbox.checkLedger() {
            #expect(finding.holds, "\(finding.name): \(finding.violations)")
        }
    }

    func person(_ number: Int) async throws -> SandboxPerson {
        let people = try await sandbox.persons()
        return try #require(
            people.first { $0.psnNo == "44019999" + String(repeating: "0", count: 11) + "\(number)" })
    }

    /// What the first event says that comes while the work is done.
    func firstEvent(_ work: () async throws -> Void) async throws -> String {
        var request = HTTPClientRequest(url: addresses.control + "/events")
        request.method = .GET
        let response = try await client.http.execute(request, timeout: .seconds(20))
        try await work()
        var text = ""
        for try await part in response.body {
            text += String(buffer: part)
            if text.contains("data: ") { break }
        }
        return text
    }
}
