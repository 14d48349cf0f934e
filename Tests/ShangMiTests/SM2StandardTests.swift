import Crypto
import Foundation
import ShangMi
import Testing

/// GB/T 32918.5-2017, annexes A to C.
@Suite("SM2: the standard's examples")
struct SM2StandardTests {
    private let examples: SM2Examples

    init() throws { examples = try SM2Examples.load() }

    @Test("A private key has the standard's public key")
    func publicKey() throws {
        let example = examples.signature
        let key = try SM2.Signing.PrivateKey(rawRepresentation: bytes(hex: example.privateKey))
        #expect(hex(key.publicKey.x963Representation) == example.publicKey)
    }

    @Test("A message has the standard's digest, which takes in user, curve and key")
    func digest() throws {
        let example = examples.signature
        let key = try SM2.Signing.PublicKey(x963Representation: bytes(hex: example.publicKey))
        var hasher = try key.messageHasher(userID: SM2.UserID(bytes(hex: example.userID)))
        hasher.update(bytes(hex: example.message).span)
        #expect(hex(hasher.finalize()) == example.digest)
    }

    @Test("The standard's nonce gives the standard's signature, which is valid")
    func signature() throws {
        let example = examples.signature
        let key = try SM2.Signing.PrivateKey(rawRepresentation: bytes(hex: example.privateKey))
        let digest = UInt256(bigEndian: bytes(hex: example.digest).span)
        let nonce = UInt256(bigEndian: bytes(hex: example.nonce).span)
        let signature = try #require(key.signature(forDigest: digest, nonce: nonce))
        #expect(hex(signature.rawRepresentation) == example.r + example.s)
        #expect(key.publicKey.isValidSignature(signature, for: bytes(hex: example.message)))
        #expect(key.publicKey.isValidSignature(signature, forDigest: bytes(hex: example.digest)))
    }

    @Test("The standard's nonce gives the standard's ciphertext, in both orders and in DER")
    func ciphertext() throws {
        let example = examples.encryption
        let key = try SM2.Encryption.PrivateKey(rawRepresentation: bytes(hex: example.privateKey))
        let plaintext = bytes(hex: example.message)
        let nonce = UInt256(bigEndian: bytes(hex: example.nonce).span)
        let (x, y) = (example.point.dropFirst(2).prefix(64), example.point.suffix(64))
        let expected: [SM2.Encryption.Format: String] = [
            .c1c3c2: example.point + example.hash + example.masked,
            .c1c2c3: example.point + example.masked + example.hash,
            .bareC1C3C2: x + y + example.hash + example.masked,
            .bareC1C2C3: x + y + example.masked + example.hash,
            .asn1: "307c0220" + x + "022100" + y + "0420" + example.hash + "0413" + example.masked,
        ]
        for format in SM2.Encryption.Format.allCases {
            let ciphertext = try #require(
                key.publicKey.encrypt(plaintext, nonce: nonce, format: format))
            #expect(hex(ciphertext) == expected[format], "\(format)")
            #expect(try key.decrypt(ciphertext, format: format) == plaintext, "\(format)")
        }
    }

    @Test("Both sides agree on the standard's key and confirmations")
    func exchange() throws {
        let example = examples.exchange
        func key(_ digits: String) throws -> SM2.KeyAgreement.PrivateKey {
            try SM2.KeyAgreement.PrivateKey(rawRepresentation: bytes(hex: digits))
        }
        let first = try key(example.initiatorKey)
        let second = try key(example.responderKey)
        let initiator = SM2.KeyAgreement.Exchange(
            as: .initiator, key: first, with: second.publicKey,
            ephemeral: try key(example.initiatorEphemeral))
        let responder = SM2.KeyAgreement.Exchange(
            as: .responder, key: second, with: first.publicKey,
            ephemeral: try key(example.responderEphemeral))
        let (firstPoint, secondPoint) = (initiator.ephemeralPublicKey, responder.ephemeralPublicKey)
        let initiators = try initiator.agreement(on: secondPoint, keyByteCount: 16)
        let responders = try responder.agreement(on: firstPoint, keyByteCount: 16)
        #expect(hex(initiators.confirmation) == example.initiatorConfirmation)
        #expect(hex(responders.confirmation) == example.responderConfirmation)
        let keys = [
            try initiators.key(confirmedBy: responders.confirmation),
            try responders.key(confirmedBy: initiators.confirmation),
            initiators.unconfirmedKey, responders.unconfirmedKey,
        ]
        for key in keys { #expect(hex(key.withUnsafeBytes { Array($0) }) == example.key) }
    }
}

/// `Vectors/sm2.json`; every value is hexadecimal.
private struct SM2Examples: Decodable {
    struct Signature: Decodable {
        let privateKey, publicKey, userID, message, identity, digest, nonce, r, s: String
    }
    struct Exchange: Decodable {
        let initiatorKey, initiatorEphemeral, responderKey, responderEphemeral, key: String
        let responderConfirmation, initiatorConfirmation: String
    }
    struct Encryption: Decodable {
        let privateKey, message, nonce, point, hash, masked: String
    }

    let signature: Signature
    let exchange: Exchange
    let encryption: Encryption

    static func load() throws -> SM2Examples {
        try JSONDecoder().decode(SM2Examples.self, from: vectors("sm2"))
    }
}
