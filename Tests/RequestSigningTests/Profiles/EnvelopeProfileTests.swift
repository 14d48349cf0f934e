import Foundation
import RequestSigning
import ShangMi
import Testing

/// The vectors of sections C and D, made with other implementations.
private struct EnvelopeVectors: Decodable {
    struct Signature: Decodable {
        let order: String
        let text: String
        let ofSecret: String
        let ofStandard: String

        enum CodingKeys: String, CodingKey {
            case order, text
            case ofSecret = "userID=appSecret"
            case ofStandard = "userID=1234567812345678"
        }
    }

    struct Cipher: Decodable {
        let key: String
        let plaintext: String
        let encData: String
    }

    struct Token: Decodable {
        let timestamp: String
        let token: String
        let nonce: String
        let signature: String
    }

    let privateKeyBase64: String
    let privateKeyBase64With33Bytes: String
    let publicKeyBase64: String
    let appId: String
    let appSecret: String
    let version: String
    let timestamp: String
    let signatures: [Signature]
    let sm4: Cipher
    let tif: Token

    static func load() throws -> EnvelopeVectors {
        let file = try #require(
            Bundle.module.url(forResource: "envelope-vectors", withExtension: "json", subdirectory: "Vectors")
        )
        return try JSONDecoder().decode(EnvelopeVectors.self, from: Data(contentsOf: file))
    }
}

@Suite("The envelope and tif agree with the vectors of other implementations")
struct EnvelopeProfileTests {
    private static let data = Array(
        """
        {"userName":"测试","amt":1.5,"flag":true,"n":null,"e":"","arr":[],"mdtrtId":"M1",
        "mdtrtareaAdmvs":"440300","list":[{"b":"2","a":1,"z":""}]}
        """.utf8)

    @Test(
        "Both orders and both users give the text and take the signatures",
        arguments: KeyOrder.allCases, EnvelopeTerms.Signer.allCases)
    func signatures(_ order: KeyOrder, _ signer: EnvelopeTerms.Signer) throws {
        let vectors = try EnvelopeVectors.load()
        let vector = try #require(vectors.signatures.first { $0.order == order.rawValue })
        let terms = try EnvelopeTerms(
            appID: vectors.appId, appSecret: SharedSecret(vectors.appSecret), keyOrder: order, signer: signer,
            version: vectors.version)
        let secret = try SigningKey.Material.sm2PrivateKey(base64: vectors.privateKeyBase64)
        let key = SigningKey(id: vectors.appId, .envelope(terms, secret))
        let time = try #require(Int64(vectors.timestamp))
        let plain = try SampleRequests.post(Self.data, "/pay")
        let text = try RequestSigner(.envelope, key: key).signedBytes(of: plain, at: time)
        #expect(String(decoding: text, as: UTF8.self) + "&key=" + vectors.appSecret == vector.text)

        // The vector's signature in the place of ours: it covers the same map.
        let signed = try SampleRequests.signed(.envelope, key, plain, at: time)
        let own = try #require(JSONDocument(parsing: signed.body).string(at: "signData"))
        let theirs = signer == .appSecret ? vector.ofSecret : vector.ofStandard
        let message = try signed.replacing(own, with: theirs)
        let publicKey = try VerificationKey.Material.sm2PublicKey(base64: vectors.publicKeyBase64)
        let verifying = VerificationKey(id: vectors.appId, .envelope(terms, publicKey))
        let call = try RequestVerifier(.envelope).verify(message, now: time, key: verifying)
        #expect(call.content.parameters?.string(at: "userName") == "测试")
        #expect(call.content.body == (try JSONDocument(parsing: Self.data).bytes))

        let otherTerms = try EnvelopeTerms(
            appID: vectors.appId, appSecret: SharedSecret(vectors.appSecret), keyOrder: order,
            signer: signer == .appSecret ? .standard : .appSecret, version: vectors.version)
        let wrong = VerificationKey(id: vectors.appId, .envelope(otherTerms, publicKey))
        let code = refusal { _ = try RequestVerifier(.envelope).verify(message, now: time, key: wrong) }
        #expect(code == .signatureMismatch)
    }

    @Test("encData is that of the vector, read in either case, and the number may be unquoted")
    func cipher() throws {
        let vectors = try EnvelopeVectors.load()
        let key = SigningKey.generate(for: try SampleRequests.terms())
        let plain = try SampleRequests.post(Array(vectors.sm4.plaintext.utf8), "/pay")
        let signed = try SampleRequests.signed(.envelope, key, plain)
        #expect(try JSONDocument(parsing: signed.body).string(at: "encData") == vectors.sm4.encData)
        let lower = try signed.replacing(vectors.sm4.encData, with: vectors.sm4.encData.lowercased())
            .replacing("\"1700000000000\"", with: "1700000000000")
        let call = try RequestVerifier(.envelope).verify(
            lower, now: SampleRequests.now, key: key.verificationKey)
        #expect(String(decoding: call.content.body, as: UTF8.self) == vectors.sm4.plaintext)
    }

    @Test("A private key of 33 bytes is the one of 32")
    func keys() throws {
        let vectors = try EnvelopeVectors.load()
        let short = try SigningKey.Material.sm2PrivateKey(base64: vectors.privateKeyBase64)
        let long = try SigningKey.Material.sm2PrivateKey(base64: vectors.privateKeyBase64With33Bytes)
        #expect(short.publicKey == long.publicKey)
        #expect(
            short.publicKey == (try VerificationKey.Material.sm2PublicKey(base64: vectors.publicKeyBase64)))
    }

    @Test("tif has the published digest")
    func token() throws {
        let vector = try EnvelopeVectors.load().tif
        let key = SigningKey(id: "paas", .secret(SharedSecret(vector.token)))
        let time = try #require(Int64(vector.timestamp)) * 1000
        let signed = try RequestSigner(.tif, key: key).sign(
            SampleRequests.post([], "/"), at: time, nonce: vector.nonce)
        #expect(try signed.field(named: "x-tif-signature") == vector.signature)
        _ = try RequestVerifier(.tif).verify(signed, now: time, key: key.verificationKey)
    }
}
