import Foundation
import NIOSSL

/// Certificates for tests, made by openssl: a root, a server and a client under it, and a second root.
final class TestAuthority: Sendable {
    struct Failed: Error { var command: String }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hufu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["root", "other"] {
            try run(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "30",
                "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-subj", "/CN=Made-up \(name)",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
        }
        try issue(
            "server", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth", by: "root")
        try issue("stranger", "subjectAltName=DNS:elsewhere.test\nextendedKeyUsage=serverAuth", by: "root")
        try issue("client", "extendedKeyUsage=clientAuth", by: "root")
        try issue("unknown", "extendedKeyUsage=clientAuth", by: "other")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What a client connects with.
    func client(root: String = "root", certificate: String? = "client") throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path("\(root).pem")))
        if let certificate {
            configuration.certificateChain = try chain(certificate)
            configuration.privateKey = .privateKey(try key(certificate))
        }
        return configuration
    }

    /// What a server listens with; it wants a certificate of its clients.
    func server(certificate: String = "server") throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(certificate), privateKey: .privateKey(try key(certificate)))
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path("root.pem")))
        return configuration
    }

    private func chain(_ name: String) throws -> [NIOSSLCertificateSource] {
        try NIOSSLCertificate.fromPEMFile(path("\(name).pem")).map { .certificate($0) }
    }

    private func key(_ name: String) throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(file: path("\(name).key"), format: .pem)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func issue(_ name: String, _ extensions: String, by root: String) throws {
        try run(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            path("\(name).key"),
            "-out", path("\(name).csr"), "-subj", "/CN=Made-up \(name)")
        try Data(extensions.utf8).write(to: folder.appending(path: "\(name).ext"))
        try run(
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(root).pem"), "-CAkey",
            path("\(root).key"),
            "-CAcreateserial", "-days", "30", "-extfile", path("\(name).ext"), "-out", path("\(name).pem"))
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: arguments.joined(separator: " ")) }
    }
}
