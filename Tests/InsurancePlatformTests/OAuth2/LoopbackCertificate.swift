import Foundation

/// A certificate for 127.0.0.1 that openssl makes, its own root.
struct LoopbackCertificate: Sendable {
    let certificate: String
    let key: String

    struct Failed: Error {}

    static let shared: Result<LoopbackCertificate, any Error> = Result { try LoopbackCertificate() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hufu-oauth2-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "server.pem").path
        key = folder.appending(path: "server.key").path
        try Self.openSSL(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=Test authorization server", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
            key, "-out", certificate)
    }

    /// What openssl wrote to standard output.
    @discardableResult
    static func openSSL(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
