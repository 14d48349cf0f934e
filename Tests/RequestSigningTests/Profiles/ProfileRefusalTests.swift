import Foundation
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

@Suite("What is wrong with a request has a code")
struct ProfileRefusalTests {
    private static let keys: [String: SigningKey] = {
        var keys: [String: SigningKey] = [:]
        for profile in Profile.all { keys[profile.id] = try? SampleRequests.key(for: profile) }
        return keys
    }()

    /// The code a changed request is refused with, or nil.
    private func code(
        _ profile: Profile, _ plain: HTTPMessage? = nil, at now: Int64 = SampleRequests.now,
        _ change: (HTTPMessage) throws -> HTTPMessage
    ) throws -> SigningRefusal.Code? {
        let key = try #require(Self.keys[profile.id])
        let changed = try change(SampleRequests.signed(profile, key, plain))
        return refusal {
            _ = try RequestVerifier(profile).verify(changed, now: now, key: key.verificationKey)
        }
    }

    static let fields: [(Profile, String, String?, SigningRefusal.Code?)] = [
        (.v320, "X-Key-Id", nil, .keyIDMissing), (.v320, "X-Key-Id", "a b", .keyIDMalformed),
        (.v320, "X-Key-Id", "a,b", .keyIDMalformed),
        (.v320, "X-Key-Id", String(repeating: "a", count: 129), .keyIDMalformed),
        (.v320, "X-Key-Id", "other", .unknownKey),
        (.v320, "X-Timestamp", nil, .timestampMissing), (.v320, "X-Timestamp", "", .timestampMissing),
        (.v320, "X-Timestamp", "1700000000000", .timestampInMilliseconds),
        (.v320, "X-Timestamp", "+1700000000", .timestampNotANumber),
        (.v320, "X-Timestamp", "1.7e9", .timestampNotANumber),
        (.v320, "X-Timestamp", "01700000000", .timestampNotANumber),
        (.v320, "X-Timestamp", "170000000000", .timestampNotANumber),
        (.v320, "X-Timestamp", String(repeating: "9", count: 40), .timestampNotANumber),
        (.v320, "X-Timestamp", "١٧٠٠٠٠٠٠٠٠", .timestampNotANumber),
        (.v320, "X-Nonce", nil, .nonceMissing), (.v320, "X-Nonce", "abcdefghijklmno", .nonceMalformed),
        (.v320, "X-Nonce", String(repeating: "a", count: 65), .nonceMalformed),
        (.v320, "X-Nonce", "abcdefghijklmno+", .nonceMalformed),
        (.v320, "X-Nonce", String(repeating: "a", count: 64), .signatureMismatch),
        (.v320, "X-Nonce", "abcdefghijklmno_", .signatureMismatch),
        (.v320, "X-Signature", nil, .signatureMissing), (.v320, "X-Signature", "", .signatureMissing),
        (.v320, "X-Signature", "AAAA", .signatureMalformed),
        (.v320, "X-Signature", "-_-_", .signatureMalformed),
        (.v321, "X-Signature", "AAAA", .signatureMalformed),
        (.v330, "X-Signature", "AAAA", .signatureMalformed),
        (.gm, "X-Signature", "AAAA", .signatureMalformed),
        (.tif, "x-tif-paasid", nil, .keyIDMissing), (.tif, "x-tif-timestamp", nil, .timestampMissing),
        (.tif, "x-tif-nonce", nil, .nonceMissing), (.tif, "x-tif-signature", nil, .signatureMissing),
        (.tif, "x-tif-signature", "0g", .signatureMalformed),
        (.tif, "x-tif-signature", "00", .signatureMalformed),
        (.tif, "x-tif-signature", String(repeating: "0", count: 63), .signatureMalformed),
        (.tif, "x-tif-nonce", "abcdefghijklmnopqrstuvwy", .signatureMismatch),
        (.csb, "_api_access_key", nil, .keyIDMissing), (.csb, "_api_timestamp", nil, .timestampMissing),
        (.csb, "_api_timestamp", "123456789012", .timestampNotANumber),
        (.csb, "_api_name", nil, .componentMissing),
        (.csb, "_api_signature", nil, .signatureMissing),
        (.csb, "_api_signature", "AAAA", .signatureMalformed),
        (.csb, "_api_name", "other", .signatureMismatch), (.fsiSM, "X-Key-Id", nil, .keyIDMissing),
        (.v320, "X-Unsigned", "anything", nil),
    ]

    @Test("A field that is missing or malformed", arguments: fields)
    func field(_ profile: Profile, _ name: String, _ value: String?, _ code: SigningRefusal.Code?) throws {
        #expect(try self.code(profile) { try $0.with(name, value) } == code)
    }

    @Test(
        "A field in two lines is none of them",
        arguments: ["X-Key-Id", "X-Timestamp", "X-Nonce", "X-Signature"])
    func twoLines(_ name: String) throws {
        let code = try code(.v320) { message in
            var message = message
            let field = HTTPField(
                name: try SampleRequests.fieldName(name), value: try message.field(named: name))
            message.head.headerFields.append(field)
            return message
        }
        let codes: [SigningRefusal.Code] = [
            .keyIDMalformed, .timestampNotANumber, .nonceMalformed, .signatureMalformed,
        ]
        #expect(codes.contains { $0 == code })
    }

    static let members: [(Profile, String, String, SigningRefusal.Code?)] = [
        (.envelope, #""timestamp":"1700000000000""#, #""timestamp":"1700000000""#, .timestampInSeconds),
        (.envelope, #""timestamp":"1700000000000""#, #""timestamp":1.7e12"#, .timestampNotANumber),
        (.envelope, #""timestamp":"1700000000000","#, "", .timestampMissing),
        (.envelope, #""timestamp":"1700000000000""#, #""timestamp":"1700000000001""#, .signatureMismatch),
        (.envelope, #""appId":"0123456789ABCDEF0123456789ABCDEF","#, "", .keyIDMissing),
        (.envelope, #""encType":"SM4""#, #""encType":"SM4&x""#, .envelopeMalformed),
        (.envelope, #""signType":"SM2""#, #""signType":null"#, .envelopeMalformed),
        (.envelope, #""version":"2.0.1""#, #""version":"2.0.1&x=y""#, .envelopeMalformed),
        (.envelope, #""version":"2.0.1""#, #""version":"1.0.0""#, .signatureMismatch),
        (.envelope, #""version":"#, #""more":[],"version":"#, .envelopeMalformed),
        (.envelope, #""version":"#, #""more":"a&b","version":"#, .envelopeMalformed),
        (.envelope, #""version":"#, #""a=b":"c","version":"#, .envelopeMalformed),
        (.envelope, #""version":"#, #""more":"x","version":"#, .signatureMismatch),
        (.envelope, #""version":"#, #""more":null,"extra":{},"data":{},"version":"#, nil),
        (.envelope, #""encData":""#, #""encData":"0"#, .envelopeMalformed),
        (.envelope, #""encData":""#, #""encData":"00"#, .envelopeMalformed),
        (.envelope, #""signData":""#, #""signData":"AAAA"#, .signatureMalformed),
        (.envelope, #""signData""#, #""sign""#, .signatureMissing),
        (.envelope, "{", "[{", .invalidJSON),
        (
            .fsiSM, #""inf_time":"2023-11-15 06:13:20""#, #""inf_time":"2023-11-15T06:13:20""#,
            .timestampMalformed
        ),
        (
            .fsiSM, #""inf_time":"2023-11-15 06:13:20""#, #""inf_time":"2023-02-29 06:13:20""#,
            .timestampMalformed
        ),
        (.fsiSM, #""inf_time":"2023-11-15 06:13:20","#, "", .timestampMissing),
        (
            .fsiSM, #""inf_time":"2023-11-15 06:13:20""#, #""inf_time":"2023-11-15 06:18:21""#,
            .timestampInFuture
        ),
        (.fsiSM, #""inf_time":"2023-11-15 06:13:20""#, #""inf_time":"2023-11-15 06:18:20""#, nil),
        (.fsiSM, #""encType":"SM4""#, #""encType":"AES""#, .envelopeMalformed),
        (.fsiSM, #""signtype":"SM2""#, #""signtype":"RSA""#, .envelopeMalformed),
        (.fsiSM, #""cainfo":""#, #""cainfo":"AAAA"#, .signatureMalformed),
        (.fsiSM, #""cainfo""#, #""ca""#, .signatureMissing),
        (.fsiSM, #""input":""#, #""input":"?"#, .envelopeMalformed),
        (.fsiSM, #""input":""#, #""input":"AAAA"#, .envelopeMalformed),
        (.v330, #""amt""#, #""cardNo""#, .bothSpellings), (.v330, #""amt""#, #""card_no""#, .duplicateKey),
        (.v330, "{", "[{", .invalidJSON),
        (.v330, "100.00", "1e400", .numberOutOfRange), (.v330, #""flag""#, #""fl\ud800""#, .loneSurrogate),
    ]

    @Test("A member that is missing, malformed or changed", arguments: members)
    func member(_ profile: Profile, _ text: String, _ other: String, _ code: SigningRefusal.Code?) throws {
        #expect(try self.code(profile) { try $0.replacing(text, with: other) } == code)
    }

    @Test("A body that isn't what is signed", arguments: [Profile.v320, .envelope, .fsiSM])
    func body(_ profile: Profile) throws {
        func refused(_ bytes: [UInt8]) throws -> SigningRefusal.Code? {
            try code(profile) { HTTPMessage($0.head, body: bytes) }
        }
        #expect(try refused(Array("[]".utf8)) == .notAnObject)
        #expect(try refused([0xEF, 0xBB, 0xBF, 0x7B, 0x7D]) == .byteOrderMark)
        #expect(try refused([0x7B, 0x22, 0xD5, 0xC5, 0x22, 0x3A, 0x31, 0x7D]) == .invalidUTF8)
        #expect(try refused(Array(String(repeating: "[", count: 65).utf8)) == .tooDeep)
        #expect(try refused(Array(repeating: 0x20, count: 1 << 20 + 1)) == .bodyTooLarge)
    }

    @Test("A name in the body and in the query, and a broken query")
    func query() throws {
        let signer = RequestSigner(.v320, key: try SampleRequests.key(for: .v320))
        func code(_ body: String, _ target: String) throws -> SigningRefusal.Code? {
            let message = try SampleRequests.post(Array(body.utf8), target)
            return refusal { _ = try signer.sign(message, at: 0, nonce: SampleRequests.nonce) }
        }
        #expect(try code(#"{"card_no":"1"}"#, "/v3?cardNo=1") == .duplicateKey)
        #expect(try code("", "/v3?a=1&a=2") == .duplicateKey)
        #expect(try code("", "/v3?cardNo=1&card_no=2") == .bothSpellings)
        #expect(try code("", "/v3?a=%E") == .invalidQuery)
        #expect(try code("", "/v3?a=%D5%C5") == .invalidUTF8)
        let csb = RequestSigner(.csb, key: try SampleRequests.key(for: .csb))
        let form = try SampleRequests.post(
            Array("a=2".utf8), "/?a=1",
            ["_api_name": "n", "_api_version": "1", "Content-Type": "application/x-www-form-urlencoded"])
        #expect(refusal { _ = try csb.sign(form, at: 0) } == .duplicateKey)
        let broken = HTTPMessage(form.head, body: [0x61, 0x3D, 0xFF])
        #expect(refusal { _ = try csb.sign(broken, at: 0) } == .invalidUTF8)
    }

    @Test("An unknown version, and no version at all")
    func version() throws {
        let key = try #require(Self.keys["v3.2.0"])
        let signed = try SampleRequests.signed(.v320, key)
        for version in ["v3.4.0", "", "V3.2.0", "v3.2.0, v3.2.0", nil] {
            let changed = try signed.with("X-Api-Version", version)
            do {
                _ = try RequestVerifier.profile(of: changed)
                Issue.record("\(version ?? "none") is no version")
            } catch {
                #expect(error.code == .unknownVersion && error.detail.contains("v3.2.0, v3.2.1"))
            }
        }
        #expect(Profile(id: "v3.4.0") == nil)
    }

    @Test("A key of another kind, size or name", arguments: Profile.all)
    func keys(_ profile: Profile) throws {
        let key = try #require(Self.keys[profile.id])
        let signed = try SampleRequests.signed(profile, key)
        for other in Profile.all where !other.keyKinds.contains(where: profile.keyKinds.contains) {
            let material = try #require(Self.keys[other.id])
            let wrong = VerificationKey(id: key.id, material.verificationKey.material)
            let code = refusal {
                _ = try RequestVerifier(profile).verify(signed, now: SampleRequests.now, key: wrong)
            }
            #expect(code == .keyNotForProfile)
            let signing = SigningKey(id: key.id, material.material)
            #expect(refusal { _ = try SampleRequests.signed(profile, signing) } == .keyNotForProfile)
        }
        let verifier = RequestVerifier(profile == .v320 ? .v321 : .v320)
        let presented = try RequestVerifier(profile).read(signed)
        let foreign = refusal { _ = try verifier.content(presented, of: signed, key: key.verificationKey) }
        #expect(foreign == .keyNotForProfile)
    }

    @Test("A signer refuses what no verifier would take")
    func signer() throws {
        let key = try #require(Self.keys["v3.2.0"])
        let plain = try SampleRequests.plain(for: .v320)
        func code(_ key: SigningKey, _ nonce: String) -> SigningRefusal.Code? {
            refusal { _ = try RequestSigner(.v320, key: key).sign(plain, at: 0, nonce: nonce) }
        }
        #expect(code(key, "") == .nonceMissing)
        #expect(code(key, "short") == .nonceMalformed)
        #expect(code(SigningKey(id: "a b", key.material), SampleRequests.nonce) == .keyIDMalformed)
        let short = SigningKey(id: "k", .secret(SharedSecret(0..<31)))
        #expect(code(short, SampleRequests.nonce) == .keyNotForProfile)
        let envelope = SigningKey(id: "k", try #require(Self.keys["envelope"]).material)
        #expect(refusal { _ = try SampleRequests.signed(.envelope, envelope) } == .keyNotForProfile)
        let client = SigningKey(id: "k", try #require(Self.keys["fsi-sm"]).material)
        #expect(refusal { _ = try SampleRequests.signed(.fsiSM, client) } == .keyNotForProfile)
        let fsi = try #require(Self.keys["fsi-sm"])
        #expect(refusal { _ = try SampleRequests.signed(.fsiSM, fsi, plain) } == .envelopeMalformed)
        #expect(refusal { _ = try SampleRequests.signed(.fsiSM, fsi, at: .max) } == .timestampMalformed)
    }

    @Test("Refused admissions have their codes")
    func admissions() {
        let codes = NonceWindow.Admission.allCases.map { $0.refusal?.code }
        #expect(codes == [nil, .nonceReplayed, .nonceReplayed, .nonceWindowFull, .retryWithNewTimestamp])
    }
}
