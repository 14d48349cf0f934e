import ArgumentParser
import Foundation

/// Where a command's bytes come from and go to.
struct ByteFiles: ParsableArguments {
    @Option(name: .customLong("in"), help: "Read this file (default: standard input).")
    var input: String?

    @Option(name: .customLong("out"), help: "Write this file (default: standard output).")
    var output: String?

    @Option(help: "How the input is written: \(ByteForm.allValueStrings.joined(separator: ", ")).")
    var inForm = ByteForm.binary

    @Option(help: "How the output is to be written: \(ByteForm.allValueStrings.joined(separator: ", ")).")
    var outForm = ByteForm.binary

    func read() throws -> [UInt8] { try Self.bytes(of: input, form: inForm) }

    func write(_ bytes: [UInt8]) throws { try Self.write(outForm.encode(bytes), to: output) }

    static func bytes(of path: String?, form: ByteForm) throws -> [UInt8] {
        guard let bytes = form.decode(try data(of: path)) else {
            throw CommandFailure(.environment, "error: \(path ?? "standard input") is not \(form.rawValue)")
        }
        return bytes
    }

    static func data(of path: String?) throws -> Data {
        guard let path, path != "-" else { return try FileHandle.standardInput.readToEnd() ?? Data() }
        return try InputFile.contents(path)
    }

    /// - Parameter isSecret: the file is made for its owner alone.
    static func write(_ data: Data, to path: String?, isSecret: Bool = false) throws {
        guard let path, path != "-" else {
            FileHandle.standardOutput.write(data)
            return
        }
        if isSecret {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            guard !FileManager.default.fileExists(atPath: path) else {
                throw CommandFailure(.environment, "error: \(path) exists; a key is not overwritten")
            }
            guard FileManager.default.createFile(atPath: path, contents: data, attributes: attributes) else {
                throw CommandFailure(.environment, "error: \(path) can't be written")
            }
        } else {
            try data.write(to: URL(fileURLWithPath: path))
        }
    }
}
