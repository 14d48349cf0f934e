import Foundation
import HufuServer
import PlatformSimulator

/// The platform of the demo: a sandbox in this process, and the settings by which the server reaches it.
struct DemoSandbox: Sendable {
    let sandbox: Sandbox
    let addresses: SandboxAddresses

    /// Starts a sandbox in the group and waits until it listens.
    static func start(
        in directory: String, _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws -> DemoSandbox {
        let sandbox = try await Sandbox(configuration: SandboxConfiguration(dataDirectory: directory))
        group.addTask { try await sandbox.run() }
        return DemoSandbox(sandbox: sandbox, addresses: try await sandbox.addresses)
    }

    /// For the server's configuration.
    func platform() throws -> @Sendable (Authority) async throws -> NationalPlatform {
        let settings = try PlatformSettings(file: addresses.files.settings)
        return { try await NationalPlatform(settings, authority: $0) }
    }
}
