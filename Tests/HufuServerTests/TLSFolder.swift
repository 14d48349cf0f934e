import Foundation

/// Certificates and keys in a folder of their own, made by the openssl command.
struct TLSFolder: Sendable {
    struct Failed: Error {
        let arguments: [String]
    }

    let path: String

    func file(_ name: String) -> String { path + "/" + name }

    /// `NAME.pem`, issued to 127.0.0.1 by its own key `NAME.key`, and named NAME.
    func make(_ name: String) async throws {
        try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            file(name + ".key"), "-out", file(name + ".pem"), "-days", "400", "-subj", "/CN=\(name)",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
        ])
    }

    /// Puts copies in the places of certificate and key, each in one step.
    func put(certificate: String, key: String, in folder: String) throws {
        try FileManager.default.createDirectory(atPath: file(folder), withIntermediateDirectories: true)
        for (source, target) in [(certificate + ".pem", "tls.crt"), (key + ".key", "tls.key")] {
            let place = file(folder) + "/" + target
            try Data(contentsOf: URL(filePath: file(source))).write(to: URL(filePath: place + ".new"))
            guard rename(place + ".new", place) == 0 else { throw Failed(arguments: ["rename", place]) }
        }
    }

    /// Points a symbolic link elsewhere in one step, as an orchestrator swaps a mounted volume.
    func point(_ link: String, to target: String) throws {
        let fresh = file(link) + ".new"
        try FileManager.default.createSymbolicLink(atPath: fresh, withDestinationPath: target)
        guard rename(fresh, file(link)) == 0 else { throw Failed(arguments: ["rename", link]) }
    }

    func openssl(_ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw Failed(arguments: arguments) }
    }
}
