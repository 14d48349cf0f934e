import ArgumentParser
import ShangMi

struct SM2Decrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt what was encrypted to a key.",
        discussion:
            "A refusal has one reason for all causes: another would tell an attacker how close he came.")

    @OptionGroup var key: SM2KeyOptions
    @OptionGroup var files: ByteFiles

    @Option(help: "c1c3c2, c1c2c3, asn1 (GM/T 0009), or bare-… without the leading 04.")
    var format = SM2CiphertextForm.c1c3c2

    func run() async throws {
        let key: SM2.Encryption.PrivateKey = try SM2KeyFile.privateKey(
            key.key, passwordFile: key.passwordFile)
        try files.write(try key.decrypt(try files.read(), format: format.format))
    }
}
