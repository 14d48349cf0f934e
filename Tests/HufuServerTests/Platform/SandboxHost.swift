import Foundation
import InsurancePlatform
import PlatformSimulator
import Synchronization

/// A sandbox in this process that can be taken down, and comes back on the same ports with the same books.
final class SandboxHost: Sendable {
    private struct Running {
        var sandbox: Sandbox
        var task: Task<Void, any Error>
    }

    struct IsDown: Error {}

    let addresses: SandboxAddresses
    private let directory: String
    private let running: Mutex<Running?>

    init(in directory: String) async throws {
        self.directory = directory
        let first = try await Self.start(directory, nil)
        running = Mutex(first)
        addresses = try await first.sandbox.addresses
    }

    var sandbox: Sandbox {
        get throws {
            guard let running = running.withLock({ $0 }) else { throw IsDown() }
            return running.sandbox
        }
    }

    func takeDown() async throws {
        guard let running = running.withLock({ $0.take() }) else { return }
        running.task.cancel()
        try await running.task.value
    }

    func bringBack() async throws {
        let again = try await Self.start(directory, addresses)
        running.withLock { $0 = again }
        _ = try await again.sandbox.addresses
    }

    private static func start(_ directory: String, _ known: SandboxAddresses?) async throws -> Running {
        var configuration = SandboxConfiguration(dataDirectory: directory)
        configuration.persons = 10
        configuration.port = known?.port ?? 0
        configuration.framePort = known?.framePort ?? 0
        configuration.controlPort = known?.controlPort ?? 0
        let sandbox = try await Sandbox(configuration: configuration)
        return Running(sandbox: sandbox, task: Task { try await sandbox.run() })
    }

    // MARK: What it saw

    /// How often a call reached it, with whatever transport.
    func arrivals(msgid: String) throws -> Int { try sandbox.traffic().count { $0.msgid == msgid } }

    func settlements(msgid: String) async throws -> Int {
        try await sandbox.ledgerSettlements().count { $0.msgid == msgid }
    }

    /// Somebody of employees' insurance with money on the account.
    func patient() async throws -> SandboxPerson {
        let persons = try await sandbox.persons()
        guard
            let person = persons.first(where: {
                $0.isInsured && $0.insutype == "310" && $0.balance > .zero
            })
        else { throw IsDown() }
        return person
    }
}
