import Foundation
import HufuServer
import InsurancePlatform

/// A sandbox in a process of its own, so that it shares no thread with what is measured.
struct SandboxProcess {
    let settings: PlatformSettings
    private let process: Process

    /// Starts it and waits until it listens.
    init(directory: String) async throws {
        process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "sandbox", "--data", directory, "--port", "0", "--frame-port", "0", "--control-port", "0",
            "--json",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // Written whole, behind the ports' opening.
        let file = directory + "/client/platform.json"
        let start = ContinuousClock.now
        while !FileManager.default.fileExists(atPath: file) {
            guard process.isRunning, start.duration(to: .now) < .seconds(30) else {
                process.terminate()
                throw CommandFailure(.environment, "error: hufu sandbox did not get ready")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        do { settings = try Self.withoutPerson(PlatformSettings(file: file)) } catch {
            process.terminate()
            throw error
        }
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }

    /// The grant that needs no login in a browser. What a call costs is the same.
    private static func withoutPerson(_ settings: PlatformSettings) throws -> PlatformSettings {
        var settings = settings
        settings.login = try settings.login.map { login in
            try OAuth2Configuration(
                issuer: login.issuer, endpoints: login.endpoints, clientID: login.clientID,
                clientSecret: login.clientSecret, authentication: login.authentication, scopes: login.scopes,
                grant: .legacyClientCredentials)
        }
        return settings
    }
}
