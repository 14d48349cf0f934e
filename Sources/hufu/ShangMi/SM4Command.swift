import ArgumentParser
import Foundation
import HufuServer
import ShangMi

struct SM4Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sm4",
        abstract: "SM4 encryption (GB/T 32907) in the usual modes, or a file of test vectors.",
        discussion: """
            Key and IV are never arguments. They come from files (16 bytes in binary, hex or Base64), or in hex from \
            HUFU_SM4_KEY and HUFU_SM4_IV. With gcm and ccm the output is the ciphertext and then the tag. ecb shows \
            which blocks are equal: it is there for old systems.

            --vectors runs a JSON file of Wycheproof's form (AeadTest, IndCpaTest) and prints a verdict a case.

            EXAMPLES
              hufu sm4 encrypt --mode cbc --key-file key --iv-file iv --in message --out message.sm4
              HUFU_SM4_KEY=… HUFU_SM4_IV=… hufu sm4 decrypt --mode gcm --in message.sm4
            """)

    enum Direction: String, ExpressibleByArgument, CaseIterable {
        case encrypt, decrypt
    }

    @Argument(help: "encrypt or decrypt.")
    var direction: Direction?

    @Option(help: "\(SM4Mode.allValueStrings.joined(separator: ", ")).")
    var mode = SM4Mode.gcm

    @Option(help: "A file with the key (default: HUFU_SM4_KEY in hex).")
    var keyFile: String?

    @Option(help: "A file with the IV, counter or nonce (default: HUFU_SM4_IV in hex).")
    var ivFile: String?

    @Option(help: "A file with the additional data that gcm and ccm authenticate.")
    var additionalFile: String?

    @Option(help: "The tag's length with ccm: 4 to 16, even.")
    var tagLength = 16

    @Flag(help: "No PKCS#7 padding with ecb and cbc: whole blocks only.")
    var noPadding = false

    @OptionGroup var files: ByteFiles
    @OptionGroup var vectors: VectorOptions

    func validate() throws {
        guard (vectors.vectors != nil) != (direction != nil) else {
            throw ValidationError("say encrypt or decrypt, or give --vectors alone")
        }
    }

    func run() async throws {
        if try vectors.run(SM4Vectors.verdict) { return }
        let key = try SM4.Key(try secret("key", keyFile, "HUFU_SM4_KEY", lengths: 16...16))
        let iv = mode == .ecb ? [] : try secret("IV", ivFile, "HUFU_SM4_IV", lengths: mode.ivLengths)
        var cipher = SM4Cipher(mode: mode, key: key, iv: iv)
        cipher.additional = try additionalFile.map { try ByteFiles.bytes(of: $0, form: .binary) } ?? []
        cipher.tagLength = mode == .ccm ? tagLength : 16
        cipher.padding = noPadding ? .none : .pkcs7
        let input = try files.read()
        try files.write(direction == .encrypt ? try cipher.encrypt(input) : try cipher.decrypt(input))
    }

    /// From the file in whatever form fits, else from the environment in hex.
    private func secret(
        _ name: String, _ path: String?, _ variable: String, lengths: ClosedRange<Int>
    ) throws -> [UInt8] {
        let data: Data
        if let path {
            data = try ByteFiles.data(of: path)
        } else if let text = ProcessInfo.processInfo.environment[variable] {
            data = Data(text.utf8)
        } else {
            throw CommandFailure(
                .environment, "error: no \(name): give --\(name.lowercased())-file, or set \(variable) (hex)")
        }
        let forms: [ByteForm] = path == nil ? [.hex] : [.hex, .base64, .binary]
        guard let bytes = forms.lazy.compactMap({ $0.decode(data) }).first(where: { lengths ~= $0.count })
        else {
            throw CommandFailure(
                .environment,
                "error: the \(name) has \(lengths.lowerBound)"
                    + (lengths.count > 1 ? " to \(lengths.upperBound)" : "")
                    + " bytes, in binary, hex or Base64")
        }
        return bytes
    }
}
