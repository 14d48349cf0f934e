import ArgumentParser
import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import RequestSigning
import ShangMi

struct BenchGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Canonical form, verification and admission of signed calls.",
        discussion: """
            gateway.verify.PROFILE is one verification of the text that was signed, beside the bare cryptographic \
            operation; gateway.canonical_1k is what comes before it: parsing a body of 1 KB, converting its names and \
            writing its canonical form. gateway.openssl.PROFILE is the same verification beside the system's \
            libcrypto. gateway.admit.* are whole calls over HTTP, v3.2.0, each with its entry in the log; \
            gateway.cold.* are calls of which each hundredth comes with a key that is in no cache. Where the time \
            goes in a running server is in /metrics: hufu_gateway_step_seconds.
            """)

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure, BenchAdmission.measure]) }

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let body = Array(Self.body.utf8)
        let data = Data(body)
        let (ours, theirs) = perCall(
            { _ = try? JSONDocument(parsing: body).convertingNames(to: .snakeCase).canonical(.python) },
            { _ = try? JSONSerialization.jsonObject(with: data) })
        let canonical = BenchFigure(
            name: "gateway.canonical_1k", value: ours * 1e6, unit: "µs",
            yardstick: "µs of Foundation's JSONSerialization to parse the same \(body.count) bytes",
            yardstickValue: theirs * 1e6)
        // Without the library nothing stands beside; `hufu bench crypto` says what to install.
        let library = try? OpenSSLLibrary()
        return [canonical] + (try BareOperation.all(library).flatMap { try $0.figures(body) })
    }

    /// About 1 KB: some 25 members, a nested list, a few Chinese values.
    static let body: String = {
        let items = (1...4).map {
            #"{"feedetl_sn":"F20261121\#($0)","med_list_codg":"XA01ABD075A\#($0)","cnt":\#($0),"pric":12.50,"name":"阿莫西林胶囊"}"#
        }
        let members = (1...17).map { #""field_\#($0)":"value \#($0 * 7919)""# }
        return "{" + members.joined(separator: ",")
            + #","psn_name":"张三","medfee_sumamt":100.00,"acct_used_flag":true,"age":42,"feedetail":["#
            + items.joined(separator: ",") + "]}"
    }()
}

/// What one profile's signature costs by itself.
private struct BareOperation {
    let profile: Profile
    let key: SigningKey
    /// Over the signed text.
    let operation: (_ text: [UInt8], _ signature: [UInt8]) -> Bool
    /// The same by the system's libcrypto.
    var openSSL: ((_ text: [UInt8], _ signature: [UInt8]) -> Void)?

    func figures(_ body: [UInt8]) throws -> [BenchFigure] {
        var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/v3/claims")
        for name in ["_api_name", "_api_version"] {
            if let name = HTTPField.Name(name) { head.headerFields[name] = "1" }
        }
        head.headerFields[.contentType] = "application/json"
        let now: Int64 = 1_700_000_000_000
        let signed = try RequestSigner(profile, key: key).sign(
            HTTPMessage(
                head,
                body: profile == .fsiSM ? Array(#"{"infno":"2204","input":"#.utf8) + body + [0x7D] : body),
            at: now, nonce: "benchmark-nonce-01")
        let verifier = RequestVerifier(profile)
        let publicKey = key.verificationKey
        let presented = try verifier.read(signed)
        let content = try verifier.content(presented, of: signed, key: publicKey)
        let (ours, bare) = perCall(
            { _ = try? verifier.verify(presented, content, key: publicKey) },
            { _ = operation(content.bytes, presented.signature) })
        let figure = BenchFigure(
            name: "gateway.verify.\(profile.id)", value: ours * 1e6, unit: "µs",
            yardstick: "µs of the bare operation over the same bytes", yardstickValue: bare * 1e6)
        guard let openSSL else { return [figure] }
        let (again, theirs) = perCall(
            { _ = try? verifier.verify(presented, content, key: publicKey) },
            { openSSL(content.bytes, presented.signature) })
        return [
            figure,
            BenchFigure(
                name: "gateway.openssl.\(profile.id)", value: again * 1e6, unit: "µs",
                yardstick: "µs of OpenSSL's verification over the same bytes", yardstickValue: theirs * 1e6),
        ]
    }

    static func all(_ library: OpenSSLLibrary?) throws -> [BareOperation] {
        let id = "BENCH0KEY0000001"
        let secret = SymmetricKey(size: .bits256)
        let shared = SharedSecret(secret.withUnsafeBytes { Array($0) })
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let p256 = P256.Signing.PrivateKey()
        let sm2 = SM2.Signing.PrivateKey()
        let terms = try EnvelopeTerms(appID: id, appSecret: SharedSecret("00112233445566778899AABBCCDDEEFF"))
        let client = try ClientTerms(clientID: id)
        let userID = terms.userID
        func sm2Holds(_ text: [UInt8], _ raw: [UInt8], _ user: SM2.UserID) -> Bool {
            guard let signature = try? SM2.Signing.Signature(rawRepresentation: raw) else { return false }
            return sm2.publicKey.isValidSignature(signature, for: text, userID: user)
        }
        let token = secret.withUnsafeBytes { Array($0) }
        func check(_ der: some Sequence<UInt8>, _ scheme: OpenSSLKey.Scheme) throws
            -> ((_ text: [UInt8], _ signature: [UInt8]) -> Void)?
        {
            guard let key = try library?.key(der: Array(der), scheme) else { return nil }
            return { key.verify($1, $0) }
        }
        return [
            .init(
                profile: .v320, key: SigningKey(id: id, .secret(shared)),
                operation: { HMAC<SHA256>.isValidAuthenticationCode($1, authenticating: $0, using: secret) },
                openSSL: library.map { library in { text, _ in library.authenticate(text, key: token) } }),
            .init(
                profile: .v321, key: SigningKey(id: id, .rsa(rsa)),
                operation: { text, signature in
                    rsa.publicKey.isValidSignature(
                        _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: text),
                        padding: .PSS)
                }, openSSL: try check(rsa.derRepresentation, .rsaPSS)),
            .init(
                profile: .v330, key: SigningKey(id: id, .p256(p256)),
                operation: { text, der in
                    guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: der) else {
                        return false
                    }
                    return p256.publicKey.isValidSignature(signature, for: text)
                }, openSSL: try check(p256.derRepresentation, .ecdsa)),
            .init(
                profile: .gm, key: SigningKey(id: id, .sm2(sm2, userID: .default)),
                operation: { text, der in
                    guard let signature = try? SM2.Signing.Signature(derRepresentation: der) else {
                        return false
                    }
                    return sm2.publicKey.isValidSignature(signature, for: text)
                }, openSSL: try check(sm2.derRepresentation, .sm2)),
            .init(profile: .tif, key: SigningKey(id: id, .secret(shared))) { text, digest in
                var hasher = SHA256()
                text.withUnsafeBytes { hasher.update(bufferPointer: $0) }
                token.withUnsafeBytes { hasher.update(bufferPointer: $0) }
                return hasher.finalize() == digest
            },
            .init(profile: .csb, key: SigningKey(id: id, .secret(shared))) {
                HMAC<Insecure.SHA1>.isValidAuthenticationCode($1, authenticating: $0, using: secret)
            },
            .init(profile: .envelope, key: SigningKey(id: id, .envelope(terms, sm2))) {
                sm2Holds($0, $1, userID)
            },
            .init(profile: .fsiSM, key: SigningKey(id: id, .fsi(client, sm2))) {
                sm2Holds($0, $1, client.userID)
            },
            .init(profile: .rfc9421, key: SigningKey(id: id, .secret(shared))) {
                HMAC<SHA256>.isValidAuthenticationCode($1, authenticating: $0, using: secret)
            },
        ]
    }
}
