import ArgumentParser
import ShangMi

struct SM2Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sm2",
        abstract: "SM2 keys, signatures and encryption (GB/T 32918), to debug with.",
        discussion: """
            Keys are read as PEM, DER or bare numbers (binary, hex, Base64) and written so that OpenSSL 3 takes them; \
            GmSSL takes private keys under a password alone: `hufu sm2 key --encrypt --hash sm3`. A \
            signature covers SM3(Z || message), where Z holds the user id: both sides must mean the same one.

            EXAMPLES
              hufu sm2 key --out sm2.pem
              hufu sm2 public --key sm2.pem --out sm2.pub
              hufu sm2 sign --key sm2.pem --in message --out message.sig
              hufu sm2 verify --key sm2.pub --in message --signature message.sig
              hufu sm2 encrypt --key sm2.pub --in message --out message.sm2 --format asn1
            """,
        subcommands: [
            SM2Key.self, SM2Public.self, SM2Sign.self, SM2Verify.self, SM2Encrypt.self, SM2Decrypt.self,
        ])
}

/// The key of a command, and its password.
struct SM2KeyOptions: ParsableArguments {
    @Option(help: "The key's file.")
    var key: String

    @Option(help: "A file whose first line is the password of an encrypted key; without it you are asked.")
    var passwordFile: String?
}

/// What is signed.
struct SM2MessageOptions: ParsableArguments {
    @Option(help: "The signer's user id, which Z covers.")
    var userID = "1234567812345678"

    @Flag(help: "The input is the 32-byte digest SM3(Z || message), not the message.")
    var digest = false

    @Flag(help: "The signature is r and s in 64 bytes, not DER.")
    var raw = false
}

/// The order and encoding of a ciphertext's parts.
enum SM2CiphertextForm: String, ExpressibleByArgument, CaseIterable {
    case c1c3c2, c1c2c3, asn1
    case bareC1C3C2 = "bare-c1c3c2"
    case bareC1C2C3 = "bare-c1c2c3"

    var format: SM2.Encryption.Format {
        switch self {
        case .c1c3c2: .c1c3c2
        case .c1c2c3: .c1c2c3
        case .asn1: .asn1
        case .bareC1C3C2: .bareC1C3C2
        case .bareC1C2C3: .bareC1C2C3
        }
    }
}
