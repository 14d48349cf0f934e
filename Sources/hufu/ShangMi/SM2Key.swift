import ArgumentParser
import Foundation
import HufuServer
import ShangMi

struct SM2Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a private key: PKCS#8 in PEM unless asked otherwise.")

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case pem, der, hex
    }

    @Option(
        name: .customLong("out"),
        help: "Write this file, readable by its owner alone (default: standard output).")
    var output: String?

    @Option(help: "pem, der (both PKCS#8) or hex (the bare number).")
    var form = Form.pem

    @Flag(help: "Encrypt it under a password (PBES2 with SM4-CBC); pem and der alone.")
    var encrypt = false

    enum Hash: String, ExpressibleByArgument, CaseIterable {
        case sha256, sm3
    }

    @Option(
        help:
            "The HMAC that turns the password into a key: sha256, which OpenSSL takes, or sm3, which GmSSL does."
    )
    var hash = Hash.sha256

    @Option(
        help: "How often the password is hashed: every time costs a guesser as much as you, 1 to 10,000,000.")
    var iterations = 600_000

    @Option(help: "A file whose first line is the password; without it you are asked.")
    var passwordFile: String?

    func validate() throws {
        guard 1...10_000_000 ~= iterations else {
            throw ValidationError("--iterations is a number from 1 to 10,000,000")
        }
        guard !(encrypt && form == .hex) else { throw ValidationError("a bare number can't be encrypted") }
    }

    func run() async throws {
        let key = SM2.Signing.PrivateKey()
        let password = encrypt ? Array(try SecretInput.readNew("password", file: passwordFile).utf8) : nil
        let data: Data
        switch (form, password) {
        case (.pem, nil): data = Data(key.pemRepresentation.utf8)
        case (.pem, let password?):
            data = Data(
                try key.encryptedPEMRepresentation(
                    password: password, hash: hash.function, iterations: iterations
                ).utf8)
        case (.der, nil): data = Data(key.derRepresentation)
        case (.der, let password?):
            data = Data(
                try key.encryptedDERRepresentation(
                    password: password, hash: hash.function, iterations: iterations))
        case (.hex, _): data = ByteForm.hex.encode(key.rawRepresentation)
        }
        try ByteFiles.write(data, to: output, isSecret: true)
    }
}

extension SM2Key.Hash {
    fileprivate var function: SM2.PasswordHash { self == .sm3 ? .hmacSM3 : .hmacSHA256 }
}
