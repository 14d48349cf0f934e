import ArgumentParser
import ShangMi

struct SM2Encrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt a short message, such as a key, to a public key.")

    @OptionGroup var key: SM2KeyOptions
    @OptionGroup var files: ByteFiles

    @Option(help: "c1c3c2, c1c2c3, asn1 (GM/T 0009), or bare-… without the leading 04.")
    var format = SM2CiphertextForm.c1c3c2

    @Flag(help: "Write the point C1 compressed; c1c3c2 and c1c2c3 alone.")
    var compressed = false

    func run() async throws {
        let key: SM2.Encryption.PublicKey = try SM2KeyFile.publicKey(key.key, passwordFile: key.passwordFile)
        try files.write(try key.encrypt(try files.read(), format: format.format, compressed: compressed))
    }
}
