import ActivationClient
import ArgumentParser
import Foundation
import RequestSigning

struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a saved HTTP request, or print the text that a signature covers.",
        discussion: """
            FILE is a request as it stands on the wire: request line, fields, an empty line, the body; - is standard \
            input. One request is written to --out or standard output, several to FILE.signed each. Keys are read as \
            PEM, DER or bare numbers; secrets of v3.2.0 and rfc9421 as base64url, Base64, hexadecimal or bytes, those \
            of other profiles as text.

            With --print-canonical no key is needed: every line of standard input is one JSON document, and every \
            line of standard output its canonical text, or ! and the code of a refusal. Names are converted to \
            snake_case as before signing, unless --keep-names is given.

            EXAMPLES
              hufu sign --profile v3.3.0 --key-file key.pem --key-id 7K2M9QXWZ4T8B3CN request.http
              hufu sign --profile v3.2.0 --print-canonical < documents.jsonl

            EXIT CODES
              0   signed, or every line has its text or its refusal
              2   a file, a key or a request can't be used
              64  wrong usage
            """)

    @Option(help: "The version: \(Profile.idList).")
    var profile: Profile

    @Option(help: "The private key's file.")
    var keyFile: String?

    @Option(help: "The id of the key: X-Key-Id, paasid, access key, appId or client id.")
    var keyID: String?

    @Option(help: "The file of the shared secret; - is standard input.")
    var secretFile: String?

    @Option(help: "Sign with this time: unix seconds or milliseconds, or RFC 3339. Default: now.")
    var at: MomentOption?

    @Option(help: "Sign with this nonce. Default: a fresh one.")
    var nonce: String?

    @OptionGroup var terms: TermsOptions
    @OptionGroup var writing: WritingOptions

    @Option(help: "Write the signed request to this file.")
    var out: String?

    @Flag(help: "Print canonical texts of the JSON documents on standard input, one a line.")
    var printCanonical = false

    @Flag(help: "With --print-canonical: leave the names as they are.")
    var keepNames = false

    @Argument(help: "Saved requests.")
    var files: [String] = []

    func validate() throws {
        if printCanonical {
            guard files.isEmpty, keyFile == nil, secretFile == nil else {
                throw ValidationError("--print-canonical reads standard input and needs no key")
            }
            guard CanonicalLines(profile, keyOrder: .codePoint, keepsNames: true) != nil else {
                throw ValidationError("\(profile.id) signs no canonical JSON")
            }
        } else {
            guard !files.isEmpty else { throw ValidationError("give a saved request, or --print-canonical") }
            guard keyID != nil, keyFile != nil || secretFile != nil else {
                throw ValidationError("give --key-id with --key-file, --secret-file or both")
            }
            guard out == nil || files.count == 1 else { throw ValidationError("--out takes one request") }
            guard !keepNames else { throw ValidationError("--keep-names goes with --print-canonical") }
        }
    }

    func run() async throws {
        if printCanonical {
            let order = terms.terms.keyOrder
            try CanonicalLines(profile, keyOrder: order, keepsNames: keepNames)?.run()
            return
        }
        let key = try SigningKeyFile.signingKey(
            profile, id: keyID ?? "", keyFile: keyFile, secretFile: secretFile, terms: terms.terms)
        let signer = RequestSigner(profile, key: key, options: writing.options)
        for file in files {
            let request = try SavedRequestFile.read(file)
            let signed = try signer.sign(
                request.message.naming(profile), at: (at ?? .now).milliseconds, nonce: nonce ?? Nonce.fresh())
            let target = files.count == 1 ? out : file + ".signed"
            try ByteFiles.write(SavedRequestFile.bytes(signed), to: target)
        }
    }
}
