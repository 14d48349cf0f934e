import ActivationClient
import ActivationCodes
import Crypto
import Foundation
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

struct DeviceSigningKeyTests {
    @Test func `signing keys come back out of the seal as they were, and sign`() async throws {
        var device = try TestDevice()
        device.record.signingKeys = try Self.keys(of: device)
        try await device.save()
        let record = try #require(try await device.file().load())
        #expect(record.signingKeys.map(\.id) == device.record.signingKeys.map(\.id))
        for (kept, original) in zip(record.signingKeys, device.record.signingKeys) {
            #expect(kept.profile == original.profile && kept.algorithm == original.algorithm)
            #expect(kept.privateKey == original.privateKey && kept.secret == original.secret)
            #expect(kept.terms == original.terms && kept.expiresAt == original.expiresAt)
            var message = HTTPMessage(
                HTTPRequest(method: .post, scheme: "https", authority: "hufu.example", path: "/v3/x"),
                body: Array("{\"input\":{\"a\":\"1\"}}".utf8))
            for name in ["_api_name", "_api_version"] {
                message.head.headerFields[try #require(HTTPField.Name(name))] = "1"
            }
            let signed = try RequestSigner(kept.profile, key: try kept.signingKey())
                .sign(message, at: 1_795_000_000_000, nonce: Nonce.fresh())
            _ = try RequestVerifier(kept.profile).verify(
                signed, now: 1_795_000_000_000, key: try original.signingKey().verificationKey)
        }
    }

    @Test func `no key is readable in the file`() async throws {
        var device = try TestDevice()
        device.record.signingKeys = try Self.keys(of: device)
        try await device.save()
        let text = try String(contentsOfFile: device.path, encoding: .utf8)
        for key in device.record.signingKeys {
            #expect(!text.contains(key.id))
            for bytes in [key.privateKey, key.secret].compactMap({ $0 }) {
                #expect(
                    !text.contains(Base64URL.encode(bytes)) && !text.contains(bytes.base64EncodedString()))
            }
        }
    }

    @Test func `the newest key that holds is taken, and none of an older binding`() async throws {
        var device = try TestDevice()
        let end = TestDevice.start.addingTimeInterval(100)
        device.record.signingKeys = [
            Self.secret("OLD0000000000001", device.bindingID),
            Self.secret("NEW0000000000001", device.bindingID),
            Self.secret("SHORT00000000001", device.bindingID, until: end),
            Self.secret("OTHER00000000001", UUID()),
        ]
        try await device.save()
        let early = try device.client(at: 1)
        #expect(try await early.signingKey(for: .v320)?.id == "SHORT00000000001")
        #expect(try await early.signingKeys().count == 3)
        // Within a minute of its end a key is not begun with any more.
        #expect(try await device.client(at: 50).signingKey(for: .v320)?.id == "NEW0000000000001")
        #expect(try await device.client(at: 101).signingKeys().count == 2)
        #expect(try await early.signingKey(for: .gm) == nil)
    }

    @Test func `a key with a part missing does not sign`() throws {
        var key = Self.secret("OLD0000000000001", UUID())
        key.secret = nil
        #expect(throws: SigningRefusal.self) { try key.signingKey() }
        key.profile = .envelope
        key.secret = Data("0123456789ABCDEF0123456789ABCDEF".utf8)
        #expect(throws: SigningRefusal.self) { try key.signingKey() }
    }

    private static func secret(_ id: String, _ binding: UUID, until end: Date? = nil) -> DeviceSigningKey {
        DeviceSigningKey(
            id: id, profile: .v320, algorithm: nil, bindingID: binding, createdAt: TestDevice.start,
            expiresAt: end, privateKey: nil, secret: Data(repeating: 9, count: 32), terms: SigningKeyTerms())
    }

    private static func keys(of device: TestDevice) throws -> [DeviceSigningKey] {
        let p256 = P256.Signing.PrivateKey().rawRepresentation
        let sm2 = Data(SM2.Signing.PrivateKey().rawRepresentation)
        let text = Data("0123456789ABCDEF0123456789ABCDEF".utf8)
        let rows: [(Profile, SignatureAlgorithm?, Data?, Data?)] = [
            (.v320, nil, nil, Data(repeating: 9, count: 32)), (.v330, nil, p256, nil), (.gm, nil, sm2, nil),
            (.tif, nil, nil, text), (.csb, nil, nil, text), (.envelope, nil, sm2, text),
            (.fsiSM, nil, sm2, nil), (.rfc9421, .hmacSHA256, nil, Data(repeating: 8, count: 32)),
            (.rfc9421, .ecdsaP256SHA256, p256, nil),
            (.rfc9421, .ed25519, Curve25519.Signing.PrivateKey().rawRepresentation, nil),
        ]
        return rows.enumerated().map { index, row in
            let isGM = row.0 == .gm
            let terms = SigningKeyTerms(
                userID: isGM ? "ALICE123@YAHOO.COM" : nil,
                signer: row.0 == .envelope ? .standard : .appSecret,
                keyOrder: row.0 == .envelope ? .caseInsensitive : .codePoint)
            return DeviceSigningKey(
                id: "KEY00000000000" + String(10 + index), profile: row.0, algorithm: row.1,
                bindingID: device.bindingID, createdAt: TestDevice.start,
                expiresAt: TestDevice.start.addingTimeInterval(1000), privateKey: row.2, secret: row.3,
                terms: terms)
        }
    }
}
