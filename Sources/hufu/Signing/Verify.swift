import ActivationClient
import ArgumentParser
import AuditLog
import Foundation
import RequestSigning

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify the signature of a saved HTTP request.",
        discussion: """
            Form, time and signature are checked as the gateway checks them; whether the nonce was used before, or \
            the key still holds, only the gateway knows. A private key's file will do for --public-key. Why a \
            signature is not valid is told by `hufu doctor signature`.

            EXAMPLES
              hufu verify --profile v3.3.0 --public-key key.pub request.http
              hufu verify --profile tif --secret-file token --at 1700000000 request.http

            EXIT CODES
              0   the signature is valid
              1   it is not, or the time is outside the window
              2   a file, a key or the request can't be read
            """)

    @Option(help: "The version: \(Profile.idList).")
    var profile: Profile

    @Option(help: "The public key's file.")
    var publicKey: String?

    @Option(help: "The file of the shared secret; - is standard input.")
    var secretFile: String?

    @Option(help: "When the server received it: unix seconds or milliseconds, or RFC 3339. Default: now.")
    var at: MomentOption?

    @OptionGroup var terms: TermsOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The saved request; - is standard input.")
    var file: String

    func validate() throws {
        guard publicKey != nil || secretFile != nil else {
            throw ValidationError("give --public-key, --secret-file or both")
        }
    }

    func run() async throws {
        let message = try SavedRequestFile.read(file).message
        let verifier = RequestVerifier(profile)
        var verdict: JSON = ["valid": false, "profile": .string(profile.id)]
        do {
            let presented = try verifier.read(message)
            verdict["key_id"] = .string(presented.keyID)
            verdict["signed_at"] = .string(MomentOption.text(presented.time))
            verdict["nonce"] = presented.nonce.map { .string($0) }
            let key = try SigningKeyFile.verificationKey(
                profile, id: presented.keyID, keyFile: publicKey, secretFile: secretFile, terms: terms.terms)
            let content = try verifier.content(presented, of: message, key: key)
            verdict["signed_text"] = .string(String(decoding: content.bytes, as: UTF8.self))
            _ = try verifier.verify(presented, content, key: key)
            try verifier.checkTime(presented, now: (at ?? .now).milliseconds)
            verdict["valid"] = true
        } catch let refusal as SigningRefusal where refusal.code != .keyMalformed {
            verdict["code"] = .string(refusal.code.rawValue)
            verdict["detail"] = .string(refusal.detail)
        }
        if json {
            print(verdict.canonicalText)
        } else {
            Table.printRecord(
                verdict,
                ["valid", "code", "detail", "profile", "key_id", "signed_at", "nonce", "signed_text"])
        }
        guard verdict["valid"] == true else {
            throw CommandFailure(
                .refused,
                "the signature is not valid: \(verdict["code"]?.string ?? "")\n"
                    + "  cure: hufu doctor signature --request \(file)")
        }
    }
}
