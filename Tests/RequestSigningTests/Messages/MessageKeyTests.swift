import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import RequestSigning
import Testing

@Suite("RFC 9421 algorithms")
struct MessageKeyTests {
    @Test(
        "The RFC's signatures hold, and none over an altered message",
        arguments: MessageVectors.all?.signatures ?? [])
    func examples(_ vector: MessageVectors.Signature) throws {
        let signature = try MessageSignature(labeled: vector.label, in: vector.signedFields)
        let base = try vector.signatureBase(signature.parameters)
        let keys = try TestKeys()
        #expect(keys.isValid(signature.bytes, over: base, vector.key) == vector.valid)
        for place in [0, 31, signature.bytes.count - 1] {
            var altered = signature.bytes
            altered[place] ^= 1
            #expect(!keys.isValid(altered, over: base, vector.key))
        }
        #expect(!keys.isValid(signature.bytes.dropLast(), over: base, vector.key))
        #expect(!keys.isValid(signature.bytes + [0], over: base, vector.key))
        #expect(!keys.isValid([], over: base, vector.key))
    }

    @Test("hmac-sha256 signs as the RFC's example does")
    func deterministic() throws {
        let vector = try MessageVectors.signature("B.2.5")
        let parameters = try MessageSignature(labeled: vector.label, in: vector.signedFields).parameters
        let base = try SignatureBase(parameters, of: vector.message.request)
        #expect(Data(try base.signature(by: TestKeys().secret)).base64EncodedString() == vector.signature)
    }

    @Test("What a private key signs its public key verifies, and no other does")
    func roundTrip() throws {
        let keys = try TestKeys()
        let parameters = SignatureParameters(covering: [.method, .targetURI], created: 1, keyID: "k")
        let request = HTTPRequest(method: .get, scheme: "https", authority: "a", path: "/p")
        let base = try SignatureBase(parameters, of: request)
        let signatures = [
            "test-shared-secret": base.signature(by: keys.secret),
            "test-key-ed25519": try base.signature(by: keys.ed25519),
            "test-key-ecc-p256": try base.signature(by: keys.p256),
            "test-key-rsa-pss": try base.signature(by: keys.rsa),
        ]
        for (key, signature) in signatures {
            for other in signatures.keys {
                #expect(keys.isValid(signature, over: base, other) == (key == other))
            }
        }
    }

    @Test("The algorithms have the registry's names")
    func names() throws {
        let named = try #require(MessageVectors.all?.keys.values.map(\.algorithm).sorted())
        #expect(SignatureAlgorithm.allCases.map(\.rawValue).sorted() == named)
    }
}

/// The keys of RFC 9421 appendix B.1.
struct TestKeys {
    let secret: SymmetricKey
    let ed25519: Curve25519.Signing.PrivateKey
    let p256: P256.Signing.PrivateKey
    let rsa: _RSA.Signing.PrivateKey
    let rsaPublic: _RSA.Signing.PublicKey
    let p256Public: P256.Signing.PublicKey

    init() throws {
        let base64 = try #require(MessageVectors.key("test-shared-secret").secret)
        secret = SymmetricKey(data: try #require(Data(base64Encoded: base64)))
        // The last 32 bytes of the RFC's PKCS#8 form are the seed (RFC 8410 §7).
        let pem = try #require(MessageVectors.key("test-key-ed25519").private)
        let der = try #require(Data(base64Encoded: pem.split(separator: "\n")[1].description))
        ed25519 = try Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))
        let elliptic = try MessageVectors.key("test-key-ecc-p256")
        p256 = try P256.Signing.PrivateKey(pemRepresentation: #require(elliptic.private))
        p256Public = try P256.Signing.PublicKey(pemRepresentation: #require(elliptic.public))
        let modular = try MessageVectors.key("test-key-rsa-pss")
        rsa = try _RSA.Signing.PrivateKey(pemRepresentation: #require(modular.pkcs1))
        rsaPublic = try _RSA.Signing.PublicKey(pemRepresentation: #require(modular.public))
    }

    func isValid(_ signature: [UInt8], over base: SignatureBase, _ key: String) -> Bool {
        switch key {
        case "test-shared-secret": base.isValid(signature, by: secret)
        case "test-key-ed25519": base.isValid(signature, by: ed25519.publicKey)
        case "test-key-ecc-p256": base.isValid(signature, by: p256Public)
        case "test-key-rsa-pss": base.isValid(signature, by: rsaPublic)
        default: false
        }
    }
}
