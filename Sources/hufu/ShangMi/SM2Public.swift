import ArgumentParser
import Foundation
import ShangMi

struct SM2Public: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public", abstract: "Show the public key of a key: SubjectPublicKeyInfo in PEM.")

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case pem, der, hex, compressed
    }

    @OptionGroup var key: SM2KeyOptions

    @Option(name: .customLong("out"), help: "Write this file (default: standard output).")
    var output: String?

    @Option(help: "pem, der, hex (04, x, y) or compressed (02 or 03, x, in hex).")
    var form = Form.pem

    func run() async throws {
        let publicKey: SM2.Signing.PublicKey = try SM2KeyFile.publicKey(
            key.key, passwordFile: key.passwordFile)
        let data =
            switch form {
            case .pem: Data(publicKey.pemRepresentation.utf8)
            case .der: Data(publicKey.derRepresentation)
            case .hex: ByteForm.hex.encode(publicKey.x963Representation)
            case .compressed: ByteForm.hex.encode(publicKey.compressedRepresentation)
            }
        try ByteFiles.write(data, to: output)
    }
}
