import AsyncHTTPClient
import Foundation
import InsurancePlatform
import NIOCore
import NIOSSL
import PlatformSimulator
import RequestSigning
import Testing

/// A sandbox on free ports in this process, its own directory, and a client that calls it over real mutual TLS.
struct RunningSandbox: Sendable {
    let sandbox: Sandbox
    let addresses: SandboxAddresses
    let client: SandboxClient

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
            let client = try await SandboxClient(sandbox, addresses)
            do {
                try await scenario(
                    RunningSandbox(sandbox: sandbox, addresses: addresses, client: client))
                try await checkBooks(sandbox)
            } catch {
                try? await client.shutDown()
                group.cancelAll()
                throw error
            }
            try await client.shutDown()
            group.cancelAll()
            try await group.waitForAll()
        }
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
}
