import Foundation

/// Certificates and keys in a folder of their own, made by the openssl command.
struct TLSFolder: Sendable {
    struct Failed: Error {
        let arguments: [String]
    }

    let path: String

    func file(_ name: String) -> String { path + "/" + name }

    /// `NAME.pem`, issued to 127.0.0.1 by its own key `NAME.key`, and named NAME.
    func make(_ name: String, days: Int = 400) async throws {
        try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            file(name + ".key"), "-out", file(name + ".pem"), "-days", "\(days)", "-subj", "/CN=\(name)",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
        ])
    }

    /// A client's certificate `NAME.pem` with its key `NAME.key`, named NAME, of an authority.
    func make(client name: String, days: Int = 400, authority: String, authorityKey: String) async throws {
        let (request, usage) = (file(name + ".csr"), file("client.ext"))
        try Data("extendedKeyUsage=clientAuth\n".utf8).write(to: URL(filePath: usage))
        try await openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            file(name + ".key"), "-out", request, "-subj", "/CN=\(name)",
        ])
        try await openssl([
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authorityKey, "-set_serial",
            "\(Int.random(in: 1...1 << 40))", "-days", "\(days)", "-extfile", usage, "-out",
            file(name + ".pem"),
        ])
    }

    /// Puts copies in the places of certificate and key, each in one step.
    func put(certificate: String, key: String, in folder: String) throws {
        try put(file(certificate + ".pem"), as: folder + "/tls.crt")
        try put(file(key + ".key"), as: folder + "/tls.key")
    }

    /// Puts a copy in a place in one step.
    func put(_ source: String, as target: String) throws {
        let place = file(target)
        try FileManager.default.createDirectory(
            atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(contentsOf: URL(filePath: source)).write(to: URL(filePath: place + ".new"))
        guard rename(place + ".new", place) == 0 else { throw Failed(arguments: ["rename", place]) }
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
