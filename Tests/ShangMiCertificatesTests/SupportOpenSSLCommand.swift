import Foundation

/// The `openssl` command in a directory of its own, which goes when the last reference does.
final class OpenSSLCommand: Sendable {
    struct Failure: Error {
        let arguments: [String]
        let output: String
    }

    /// The user id that the national applications sign under, and how OpenSSL is told.
    static let signing = ["-sm3", "-sigopt", "distid:1234567812345678"]
    static let verifying = ["-vfyopt", "distid:1234567812345678"]

    /// Whether there is a version with SM2.
    static let isPresent: Bool = {
        guard let command = try? OpenSSLCommand() else { return false }
        return (try? command.run("ecparam", "-name", "SM2")) != nil
    }()

    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// - Returns: standard output and standard error.
    @discardableResult
    func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments, output: output) }
        return output
    }

    @discardableResult
    func run(_ arguments: String...) throws -> String { try run(arguments) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: directory.appendingPathComponent(name))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: directory.appendingPathComponent(name))
    }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appendingPathComponent(name)))
    }

    /// An SM2 key. (What OpenSSL 3.0 makes along with a request doesn't know yet that it is one.)
    func makeKey(_ name: String) throws { try run("genpkey", "-algorithm", "SM2", "-out", name) }

    /// A self-signed certificate `NAME.pem` and its key `NAME.key`.
    func makeRoot(_ name: String) throws {
        try makeKey("\(name).key")
        try run(
            ["req", "-x509", "-key", "\(name).key"] + Self.signing
                + ["-subj", "/C=CN/O=Test/CN=\(name)", "-days", "30", "-out", "\(name).pem"])
    }
}
