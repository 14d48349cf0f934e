import ArgumentParser
import ShangMi

struct SM2Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a message or its digest.")

    @OptionGroup var key: SM2KeyOptions
    @OptionGroup var message: SM2MessageOptions
    @OptionGroup var files: ByteFiles

    @Flag(help: "Derive the nonce from key and message (RFC 6979 with SM3): the same signature each time.")
    var deterministic = false

    func run() async throws {
        let key: SM2.Signing.PrivateKey = try SM2KeyFile.privateKey(key.key, passwordFile: key.passwordFile)
        let input = try files.read()
        let nonce: SM2.Signing.Nonce = deterministic ? .deterministic : .random
        let signature =
            message.digest
            ? try key.signature(forDigest: input, nonce: nonce)
            : key.signature(for: input, userID: try SM2.UserID(message.userID), nonce: nonce)
        try files.write(message.raw ? signature.rawRepresentation : signature.derRepresentation)
    }
}
