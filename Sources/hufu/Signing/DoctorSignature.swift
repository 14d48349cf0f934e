import ActivationClient
import ArgumentParser
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning

struct DoctorSignature: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signature",
        abstract: "Why did my signature fail? Replays its verification and names the cause and the cure.",
        discussion: """
            The request comes from a file with raw HTTP/1.1 text, from a curl command line, from a HAR file, or is \
            caught on a local port: point your program's base address there and let it call once. Without the key, \
            mistakes can only be seen in the request's form. Where the request names a key of this machine's device, \
            that key is taken. Whether a nonce was used before only the gateway knows: tell its answer by --answer; a \
            HAR file holds it. The output holds the request's own values, but no key and no expected signature.

            EXAMPLES
              hufu doctor signature --request failed.http --secret-file secret --server-time 1700000000
              pbpaste | hufu doctor signature --curl - --public-key key.pub
              hufu doctor signature --request failed.http --secret-file secret --answer nonce_replayed
              hufu doctor signature --har session.har --entry 3 --lang en
              hufu doctor signature --listen 8088

            EXIT CODES
              0   the request would be accepted, or nothing wrong is seen
              1   it is refused, and why
              2   a file, a key or the request can't be read, or nothing came
            """)

    enum Language: String, ExpressibleByArgument, CaseIterable {
        case zh, en
    }

    @Option(help: "A saved request, raw HTTP/1.1 text; - is standard input.")
    var request: String?

    @Option(help: "A file with a curl command line; - is standard input.")
    var curl: String?

    @Option(help: "A HAR file, as browsers and proxies save it.")
    var har: String?

    @Option(help: "Which entry of the HAR file, from 0. Default: the last signed one.")
    var entry: Int?

    @Option(help: "Catch one request on this port of 127.0.0.1; 0 takes a free one.")
    var listen: Int?

    @Option(help: "How many seconds to wait for it.")
    var patience = 300

    @Option(help: "The public key's file.")
    var publicKey: String?

    @Option(help: "The file of the shared secret.")
    var secretFile: String?

    @OptionGroup var terms: TermsOptions

    @Option(help: "The version, where the request doesn't show it: \(Profile.idList).")
    var profile: Profile?

    @Option(help: "When the server received it: unix seconds or milliseconds, RFC 3339, or now.")
    var serverTime: MomentOption?

    @Option(
        help: "The code that the gateway answered, such as nonce_replayed. Default: the HAR file's answer.")
    var answer: String?

    @Option(help: "The device file to look for the key in. Default: this machine's.")
    var deviceFile: String?

    @Option(help: "zh or en. Default: both.")
    var lang: Language?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        let sources = [request != nil, curl != nil, har != nil, listen != nil].filter { $0 }
        guard sources.count == 1 else {
            throw ValidationError("give one of --request, --curl, --har and --listen")
        }
        guard answer.map({ SigningRefusal.Code(rawValue: $0) != nil }) ?? true else {
            throw ValidationError(
                "--answer takes a code of the signature's, such as signature_mismatch; another one is about the code, "
                    + "the device, the scope or the address")
        }
        guard entry == nil || har != nil else { throw ValidationError("--entry goes with --har") }
        guard listen.map({ 0...65_535 ~= $0 }) ?? true else {
            throw ValidationError("--listen takes a port, 0 to 65535")
        }
    }

    func run() async throws {
        let explanation: SignatureExplanation
        if let listen {
            explanation = try await RequestCapture.one(port: listen, patience: .seconds(patience)) { saved in
                try await explain(saved, receivedAt: (serverTime ?? .now).milliseconds)
            }
        } else {
            explanation = try await explain(try savedRequest(), receivedAt: serverTime?.milliseconds)
        }
        if json {
            print(String(decoding: explanation.json, as: UTF8.self))
        } else {
            print(ExplanationText(languages: lang.map { [$0] } ?? Language.allCases).text(explanation))
        }
        guard explanation.verdict != .refused else {
            throw CommandFailure(
                .refused, "the request is refused: \(explanation.refusal?.code.rawValue ?? "")")
        }
    }

    private func savedRequest() throws -> SavedRequest {
        if let request { return try SavedRequestFile.read(request) }
        if let curl {
            return try SavedRequest(curl: Array(try ByteFiles.data(of: curl))) { name in
                (try? ByteFiles.data(of: name)).map { Array($0) }
            }
        }
        let file = try HARFile(parsing: Array(try ByteFiles.data(of: har)))
        return try entry.map { try file.request(at: $0) } ?? file.signedRequest()
    }

    private func explain(_ saved: SavedRequest, receivedAt: Int64?) async throws -> SignatureExplanation {
        let message = profile.map { saved.message.naming($0) } ?? saved.message
        var evidence = SignatureEvidence()
        evidence.receivedAt = receivedAt
        evidence.sentAt = saved.sentAt
        evidence.refusal =
            answer.flatMap { SigningRefusal.Code(rawValue: $0) }.map { SigningRefusal($0) } ?? saved.answer
        evidence.gbk = GBKText.bytes
        // The form alone says which key the request names.
        let form = SignatureExplanation(of: message, evidence: evidence)
        let found = profile ?? form.profileID.flatMap { Profile(id: $0) }
        let held = await deviceKeys()
        if publicKey != nil || secretFile != nil {
            guard let found else {
                throw CommandFailure(
                    .environment, "error: the request shows no known version\n  cure: --profile P")
            }
            evidence.key = try SigningKeyFile.verificationKey(
                found, id: form.keyID ?? "unnamed", keyFile: publicKey, secretFile: secretFile,
                terms: terms.terms)
        } else {
            evidence.key = held.first { $0.id == form.keyID }
        }
        evidence.otherKeys = held.filter { $0.id != form.keyID }
        guard evidence.key != nil || !evidence.otherKeys.isEmpty else { return form }
        return SignatureExplanation(of: message, evidence: evidence)
    }

    /// None where this machine is no device, or its file can't be opened: that is no part of the question.
    private func deviceKeys() async -> [VerificationKey] {
        var options = DeviceOptions()
        options.file = deviceFile
        options.url = nil
        options.caFile = nil
        options.json = false
        guard let client = try? options.client(), let keys = try? await client.signingKeys() else {
            return []
        }
        return keys.compactMap { try? $0.signingKey().verificationKey }
    }
}
