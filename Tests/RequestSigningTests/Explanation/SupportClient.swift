import Crypto
import CryptoExtras
import HTTPTypes
import RequestSigning
import ShangMi

/// A client that signs whatever text it is told to, right or wrong; it uses nothing of the signer under test.
struct Client {
    let version: String
    var keyID = "device-7"
    var time = "1700000000"
    var nonce = "abcdefghijklmnopqrstuvwx"

    /// When requests come in unless said otherwise: two seconds after they were signed.
    static let received: Int64 = 1_700_000_002_000
    static let secret: [UInt8] = Array(0..<32)
    static let otherSecret = [UInt8](repeating: 7, count: 32)
    static let p256 = P256.Signing.PrivateKey()
    static let sm2 = SM2.Signing.PrivateKey()
    static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    var verificationKey: VerificationKey {
        get throws {
            switch version {
            case "v3.2.0": VerificationKey(id: keyID, .secret(SharedSecret(Self.secret)))
            case "v3.2.1": VerificationKey(id: keyID, .rsa(try Self.rsa.get().publicKey))
            case "v3.3.0": VerificationKey(id: keyID, .p256(Self.p256.publicKey))
            default: VerificationKey(id: keyID, .sm2(Self.sm2.publicKey, userID: .default))
            }
        }
    }

    /// The signature that the version asks for, over any text.
    func signature(_ text: [UInt8]) throws -> [UInt8] {
        switch version {
        case "v3.2.0": Self.mac(text, Self.secret)
        case "v3.2.1":
            Array(try Self.rsa.get().signature(for: SHA256.hash(data: text), padding: .PSS).rawRepresentation)
        case "v3.3.0": Array(try Self.p256.signature(for: text).derRepresentation)
        default: Self.sm2.signature(for: text).derRepresentation
        }
    }

    static func mac(_ text: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: secret)))
    }

    /// The triple's text for some parameters.
    func text(_ parameters: some Sequence<UInt8>) -> [UInt8] { Array("\(time)|\(nonce)|".utf8) + parameters }

    /// A call with a body, signed over what the client takes for its canonical form.
    func post(_ body: [UInt8], signing parameters: some Sequence<UInt8>) throws -> HTTPMessage {
        message(.post, "/v3/claims", body, signature: base64(try signature(text(parameters))))
    }

    func post(_ body: String, signing parameters: String) throws -> HTTPMessage {
        try post(Array(body.utf8), signing: parameters.utf8)
    }

    func get(_ query: String, signing parameters: String) throws -> HTTPMessage {
        message(
            .get, "/v3/insured/status?\(query)", [], signature: base64(try signature(text(parameters.utf8))))
    }

    /// A right and simple call.
    func rightCall() throws -> HTTPMessage {
        try post("{\"card_no\":\"6217\"}", signing: "{\"card_no\":\"6217\"}")
    }

    func message(
        _ method: HTTPRequest.Method, _ target: String, _ body: [UInt8], signature: String
    ) -> HTTPMessage {
        var head = HTTPRequest(method: method, scheme: "https", authority: "gw.example", path: target)
        head.headerFields[.named("X-Api-Version")] = version
        head.headerFields[.named("X-Key-Id")] = keyID
        head.headerFields[.named("X-Timestamp")] = time
        head.headerFields[.named("X-Nonce")] = nonce
        head.headerFields[.named("X-Signature")] = signature
        return HTTPMessage(head, body: body)
    }

    /// What the gateway makes of a call.
    func explain(
        _ message: HTTPMessage, _ change: (inout SignatureEvidence) throws -> Void = { _ in }
    ) throws -> SignatureExplanation {
        var evidence = SignatureEvidence()
        evidence.key = try verificationKey
        evidence.receivedAt = Self.received
        try change(&evidence)
        return SignatureExplanation(of: message, evidence: evidence)
    }
}

extension HTTPField.Name {
    static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .accept }
}

func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        var bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        var symbols = ""
        for _ in 0..<4 {
            symbols = String(alphabet[bits & 63]) + symbols
            bits >>= 6
        }
        text += symbols.prefix(group.count + 1) + String(repeating: "=", count: 3 - group.count)
    }
    return text
}

func hexText(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
