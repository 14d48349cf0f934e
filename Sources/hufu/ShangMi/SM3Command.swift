import ArgumentParser
import Crypto
import Foundation
import HufuServer
import ShangMi

struct SM3Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sm3",
        abstract: "SM3 digests (GB/T 32905) of files or of standard input, or their HMAC.",
        discussion: """
            EXAMPLES
              hufu sm3 message
              printf abc | hufu sm3
              hufu sm3 --hmac-key-file key message
            """)

    @Argument(help: "Files; none is standard input.")
    var files: [String] = []

    @Option(help: "A file with the key of an HMAC, as it stands there.")
    var hmacKeyFile: String?

    func run() async throws {
        let key = try hmacKeyFile.map { SymmetricKey(data: try ByteFiles.data(of: $0)) }
        for path in files.isEmpty ? ["-"] : files {
            let digest = try key.map { try authenticationCode(of: path, $0) } ?? hash(of: path)
            print(files.isEmpty ? digest : "\(digest)  \(path)")
        }
    }

    private func hash(of path: String) throws -> String {
        var hasher = SM3()
        try forEachPart(of: path) { hasher.update(data: $0) }
        return Data(hasher.finalize()).hexadecimal
    }

    private func authenticationCode(of path: String, _ key: SymmetricKey) throws -> String {
        var code = HMAC<SM3>(key: key)
        try forEachPart(of: path) { code.update(data: $0) }
        return Data(code.finalize()).hexadecimal
    }

    private func forEachPart(of path: String, _ body: (Data) -> Void) throws {
        guard let file = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.environment, "error: \(path) can't be read")
        }
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { body(part) }
    }
}
