import AuditLog
import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import RequestSigning
import ShangMi

/// A bound device with a key for one version of the signature, registered over HTTP.
struct CallingDevice: Sendable {
    let token: String
    let bindingID: String
    let code: IssuedForTest
    let signer: RequestSigner

    static let allScopes: [String: JSON] = [
        "scopes": ["patient.read", "claim.write", "prescription.write"], "device_limit": 20,
    ]

    /// All there is to call by: nine profiles, of which rfc9421 has four algorithms.
    static let ways: [String] =
        Profile.all.map(\.id).filter { $0 != "rfc9421" }
        + ["ed25519", "ecdsa-p256-sha256", "hmac-sha256", "rsa-pss-sha512"].map { "rfc9421 \($0)" }

    init(
        _ server: RunningServer, _ way: String, code: IssuedForTest, validFor: String? = nil
    ) async throws {
        self.code = code
        let bound = try await server.bind(TestDevice(machine: .random(in: 2...1 << 40)), code)
        token = try bound.string("access_token")
        bindingID = try bound.string("binding_id")
        let parts = way.split(separator: " ").map(String.init)
        guard let profile = Profile(id: parts[0]) else { throw MissingMember(name: way) }
        signer = try await Self.register(
            server, token, profile, parts.count > 1 ? parts[1] : nil, validFor: validFor)
    }

    /// A key for this device under another version.
    private static func register(
        _ server: RunningServer, _ token: String, _ profile: Profile, _ algorithm: String?,
        validFor: String?
    ) async throws -> RequestSigner {
        var body: [String: JSON] = ["profile": .string(profile.id)]
        if let algorithm { body["algorithm"] = .string(algorithm) }
        if let validFor { body["valid_for"] = .string(validFor) }
        let key = PrivateKey(profile, algorithm)
        if let pem = key.publicPEM { body["public_key"] = .string(pem) }
        let answer = try await server.expect(
            201, "POST", "/v1/signing-keys", token: token, body: .object(body))
        let signing = SigningKey(
            id: try answer.string("key_id"),
            try key.material(id: answer.string("key_id"), secret: answer["secret"]?.string, profile))
        return RequestSigner(profile, key: signing)
    }

    /// Another key of this device.
    func registering(_ server: RunningServer, _ profile: Profile) async throws -> RequestSigner {
        try await Self.register(server, token, profile, nil, validFor: nil)
    }

    private enum PrivateKey {
        case none
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case sm2(SM2.Signing.PrivateKey)

        /// One for all tests: making one takes a second.
        private static let sharedRSA = try? _RSA.Signing.PrivateKey(keySize: .bits2048)

        init(_ profile: Profile, _ algorithm: String?) {
            switch (profile.id, algorithm) {
            case ("v3.2.1", _), (_, "rsa-pss-sha512"):
                self = Self.sharedRSA.map { .rsa($0) } ?? .none
            case ("v3.3.0", _), (_, "ecdsa-p256-sha256"): self = .p256(.init())
            case (_, "ed25519"): self = .ed25519(.init())
            case ("gm", _), ("envelope", _), ("fsi-sm", _): self = .sm2(.init())
            default: self = .none
            }
        }

        var publicPEM: String? {
            switch self {
            case .none: return nil
            case .rsa(let key): return key.publicKey.pemRepresentation
            case .p256(let key): return key.publicKey.pemRepresentation
            case .sm2(let key): return key.publicKey.pemRepresentation
            case .ed25519(let key):
                let prefix = Data([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00])
                let text = (prefix + key.publicKey.rawRepresentation).base64EncodedString()
                return "-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n"
            }
        }

        func material(id: String, secret: String?, _ profile: Profile) throws -> SigningKey.Material {
            switch (self, secret) {
            case (.rsa(let key), _): return .rsa(key)
            case (.p256(let key), _): return .p256(key)
            case (.ed25519(let key), _): return .ed25519(key)
            case (.sm2(let key), let secret?):
                return .envelope(try EnvelopeTerms(appID: id, appSecret: SharedSecret(secret)), key)
            case (.sm2(let key), nil) where profile == .fsiSM:
                return .fsi(try ClientTerms(clientID: id), key)
            case (.sm2(let key), nil): return .sm2(key, userID: .default)
            case (.none, let secret?):
                guard profile == .v320 || profile == .rfc9421, let bytes = Data(base64URLText: secret) else {
                    return .secret(SharedSecret(secret))
                }
                return .secret(SharedSecret(Array(bytes)))
            case (.none, nil): throw MissingMember(name: "secret")
            }
        }
    }

    /// A call of a query where the version signs one, else with a body in its own form.
    func message(_ path: String = "/v3/insured/status?cardNo=440300190001011234") -> HTTPMessage {
        var fields = HTTPFields()
        switch signer.profile.id {
        case "csb":
            if let name = HTTPField.Name("_api_name") { fields[name] = "insured" }
            if let name = HTTPField.Name("_api_version") { fields[name] = "1.0.0" }
            return HTTPMessage(head(.get, path, fields))
        case "envelope", "fsi-sm":
            fields[.contentType] = "application/json"
            let body =
                signer.profile == .envelope
                ? #"{"cardNo":"440300190001011234","userName":"张三","amt":1.50}"#
                : #"{"infno":"1101","msgid":"H44030000001202611211200000001","input":{"data":{"psn_name":"张三"}}}"#
            return HTTPMessage(
                head(.post, "/fsi/api/fsiPsnInfoService/queryPsnInfo", fields), body: Array(body.utf8))
        default: return HTTPMessage(head(.get, path, fields))
        }
    }

    private func head(_ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1", path: path, headerFields: fields)
    }

    func signed(_ message: HTTPMessage, at milliseconds: Int64, nonce: String = Nonce.fresh()) throws
        -> HTTPMessage
    {
        try signer.sign(message, at: milliseconds, nonce: nonce)
    }
}

extension RunningServer {
    func send(_ message: HTTPMessage, headers: [String: String] = [:]) async throws -> Answer {
        var fields = headers
        for field in message.head.headerFields { fields[field.name.rawName] = field.value }
        // As it was signed, whatever the port.
        fields["Host"] = message.head.authority
        return try await request(
            message.head.method.rawValue, message.head.path ?? "/",
            raw: message.body.isEmpty ? nil : message.body,
            headers: fields)
    }

    /// Signs at the server's own time and sends.
    func call(_ device: CallingDevice, _ message: HTTPMessage? = nil, headers: [String: String] = [:])
        async throws
        -> Answer
    {
        let milliseconds = clock.nanoseconds() / 1_000_000
        return try await send(
            device.signed(message ?? device.message(), at: milliseconds), headers: headers)
    }
}
