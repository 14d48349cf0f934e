import ArgumentParser
import ShangMi

struct SM2Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a signature, or run a file of test vectors.",
        discussion: """
            --vectors runs a JSON file of Wycheproof's form (Sm2Verify, Sm2P1363Verify, Sm2DigestVerify, Sm2PublicKey) \
            and prints a verdict for each case.

            EXIT CODES
              0   the signature is valid, or every verdict is the expected one
              1   it is not
              2   a file can't be read, or a key is none
            """)

    @Option(help: "The public key's file; a private key's will do.")
    var key: String?

    @Option(help: "A file whose first line is the password of an encrypted key.")
    var passwordFile: String?

    @Option(help: "The signature's file.")
    var signature: String?

    @Option(help: "How the signature's file is written: binary, hex, base64.")
    var signatureForm = ByteForm.binary

    @OptionGroup var message: SM2MessageOptions

    @Option(name: .customLong("in"), help: "The message's file (default: standard input).")
    var input: String?

    @Option(help: "How the message is written: binary, hex, base64.")
    var inForm = ByteForm.binary

    @OptionGroup var vectors: VectorOptions

    func validate() throws {
        guard (vectors.vectors != nil) != (key != nil && signature != nil) else {
            throw ValidationError("give --key and --signature, or --vectors alone")
        }
    }

    func run() async throws {
        if try vectors.run(SM2Vectors.verdict) { return }
        let publicKey: SM2.Signing.PublicKey = try SM2KeyFile.publicKey(key ?? "", passwordFile: passwordFile)
        let bytes = try ByteFiles.bytes(of: signature, form: signatureForm)
        let text = try ByteFiles.bytes(of: input, form: inForm)
        guard try isValid(bytes, text, publicKey) else {
            throw CommandFailure(.refused, "the signature is not valid")
        }
        print("the signature is valid")
    }

    private func isValid(_ bytes: [UInt8], _ text: [UInt8], _ key: SM2.Signing.PublicKey) throws -> Bool {
        guard
            let signature = message.raw
                ? try? SM2.Signing.Signature(rawRepresentation: bytes)
                : try? SM2.Signing.Signature(derRepresentation: bytes)
        else {
            throw CommandFailure(
                .refused,
                "the signature is not \(message.raw ? "64 bytes of r and s" : "strict DER of r and s")")
        }
        if message.digest { return key.isValidSignature(signature, forDigest: text) }
        return key.isValidSignature(signature, for: text, userID: try SM2.UserID(message.userID))
    }
}
