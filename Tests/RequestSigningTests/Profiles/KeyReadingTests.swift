import Crypto
import CryptoExtras
import Foundation
import RequestSigning
import ShangMi
import Testing

@Suite("Keys are read and made", .timeLimit(.minutes(10)))
struct KeyReadingTests {
    @Test("OpenSSL's PEM of every kind signs and verifies")
    func pem() throws {
        let kinds: [(Profile, [String])] = [
            (.v321, ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
            (.v330, ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
            (.gm, ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"]),
            (.rfc9421, ["genpkey", "-algorithm", "ED25519"]),
        ]
        let folder = try Folder()
        for (profile, arguments) in kinds {
            let secret = String(decoding: try Tool.run("openssl", arguments), as: UTF8.self)
            let file = try folder.write(Array(secret.utf8), "key.pem")
            let open = String(
                decoding: try Tool.run("openssl", ["pkey", "-in", file, "-pubout"]), as: UTF8.self)
            let signing = SigningKey(id: "k", try .init(profile: profile, pem: secret))
            let verifying = VerificationKey(id: "k", try .init(profile: profile, pem: open))
            let signed = try SampleRequests.signed(profile, signing)
            _ = try RequestVerifier(profile).verify(signed, now: SampleRequests.now, key: verifying)
            for (text, isSecret) in [
                (secret, true), (open, false), ("", true), ("", false), ("x\n\ny", true),
            ] {
                let broken = String(text.dropLast(40))
                let code = refusal {
                    if isSecret {
                        _ = try SigningKey.Material(profile: profile, pem: broken)
                    } else {
                        _ = try VerificationKey.Material(profile: profile, pem: broken)
                    }
                }
                #expect(code == .keyMalformed)
            }
        }
    }

    @Test("Raw keys of every length a site may hand out")
    func raw() throws {
        let p256 = P256.Signing.PrivateKey()
        let sm2 = SM2.Signing.PrivateKey()
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let points: [(Profile, [UInt8], [[UInt8]])] = [
            (.v320, Array(0..<32), [Array(0..<32)]), (.csb, [1], [[1]]), (.tif, [1, 2], [[1, 2]]),
            (.v321, Array(rsa.derRepresentation), [Array(rsa.publicKey.derRepresentation)]),
            (
                .v330, Array(p256.rawRepresentation),
                [
                    Array(p256.publicKey.compressedRepresentation), Array(p256.publicKey.rawRepresentation),
                    Array(p256.publicKey.x963Representation),
                ]
            ),
            (
                .gm, [0] + sm2.rawRepresentation,
                [
                    sm2.publicKey.compressedRepresentation, sm2.publicKey.rawRepresentation,
                    sm2.publicKey.x963Representation,
                ]
            ),
        ]
        for (profile, secret, publics) in points {
            let signing = SigningKey(id: "k", try .init(profile: profile, raw: secret))
            let signed = try SampleRequests.signed(profile, signing)
            for bytes in publics {
                let verifying = VerificationKey(id: "k", try .init(profile: profile, raw: bytes))
                _ = try RequestVerifier(profile).verify(signed, now: SampleRequests.now, key: verifying)
            }
            for bytes in [[], Array(repeating: UInt8(0xFF), count: 5000)] as [[UInt8]] {
                #expect(
                    refusal { _ = try SigningKey.Material(profile: profile, raw: bytes) } == .keyMalformed)
                #expect(
                    refusal { _ = try VerificationKey.Material(profile: profile, raw: bytes) }
                        == .keyMalformed)
            }
        }
        let short = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))
        let der = Array(short.publicKey.derRepresentation)
        #expect(refusal { _ = try VerificationKey.Material(profile: .v321, raw: der) } == .keyMalformed)
        let weak = VerificationKey(id: "k", .rsa(short.publicKey))
        #expect(refusal { try weak.requireFit(for: .v321) } == .keyNotForProfile)
        #expect(refusal { try SigningKey(id: "k", .rsa(short)).requireFit(for: .v321) } == .keyNotForProfile)
    }

    @Test("Terms and identifiers that make no key")
    func terms() throws {
        let secret = SharedSecret("s")
        for appID in [
            "0123456789ABCDE", "0123456789ABCDE&", "0123456789ABCDEé", String(repeating: "a", count: 129),
        ] {
            #expect(refusal { _ = try EnvelopeTerms(appID: appID, appSecret: secret) } == .keyMalformed)
        }
        let appID = "0123456789ABCDEF"
        for version in ["", "2.0.1a", "1&2", "11111111111111111"] {
            let code = refusal { _ = try EnvelopeTerms(appID: appID, appSecret: secret, version: version) }
            #expect(code == .keyMalformed)
        }
        #expect(refusal { _ = try EnvelopeTerms(appID: appID, appSecret: SharedSecret("")) } == .keyMalformed)
        for clientID in ["", "client-0123456-", "client-0123456-78", "client 0123456-7"] {
            #expect(refusal { _ = try ClientTerms(clientID: clientID) } == .keyMalformed)
        }
        for text in ["", "AAAA", "!"] {
            #expect(refusal { _ = try SigningKey.Material.sm2PrivateKey(base64: text) } == .keyMalformed)
            #expect(refusal { _ = try VerificationKey.Material.sm2PublicKey(base64: text) } == .keyMalformed)
        }
    }

    @Test("A key is made for every profile whose terms its id gives")
    func generation() throws {
        for profile in Profile.all where profile != .envelope {
            let id = profile == .fsiSM ? SampleRequests.clientID : "k"
            let key = try SigningKey.generate(for: profile, id: id)
            try key.requireFit(for: profile)
            try key.verificationKey.requireFit(for: profile)
        }
        #expect(refusal { _ = try SigningKey.generate(for: .envelope, id: "k") } == .keyMalformed)
        #expect(refusal { _ = try SigningKey.generate(for: .fsiSM, id: "k") } == .keyMalformed)
        #expect(refusal { _ = try SigningKey.generate(for: .gm, id: "") } == .keyMalformed)
        try SigningKey.generate(for: SampleRequests.terms()).requireFit(for: .envelope)
        #expect(SharedSecret.random(byteCount: -1).byteCount == 1 && SharedSecret.random().byteCount == 32)
    }
}
