import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

@Suite("Profiles against implementations not ours", .timeLimit(.minutes(10)))
struct ProfileOutsideTests {
    private static let pythonHasCryptography =
        (try? Tool.run("python3", ["-c", "import cryptography"])) != nil
    private static let text = "1700000000|\(SampleRequests.nonce)|"

    /// The parameters in a form that Python's json writes the same way for both canonical forms.
    private static let plain = Array(#"{"b":[1,{"z":1,"a":"x"}],"a":" y ","n":123456789012345678}"#.utf8)

    /// Python computes the whole of v3.2.0: parameters, text and MAC.
    @Test("v3.2.0: Python's json and hmac make the same signature")
    func hmac() throws {
        let script = """
            import base64, hashlib, hmac, json, sys
            params = {k: v.strip() if isinstance(v, str) else v for k, v in json.loads(sys.argv[2]).items()}
            text = sys.argv[1] + json.dumps(params, sort_keys=True, separators=(',', ':'))
            print(base64.b64encode(hmac.new(bytes(range(32)), text.encode(), hashlib.sha256).digest()).decode())
            """
        let key = SigningKey(id: "k", .secret(SharedSecret(0..<32)))
        let body = #"{"name":"\u00a0张三 𠮷\t","amt":100.00,"big":123456789012345678901234567890,"e":1e23}"#
        let signed = try SampleRequests.signed(.v320, key, SampleRequests.post(Array(body.utf8)))
        let theirs = try Self.line("python3", ["-c", script, Self.text, body])
        #expect(try signed.field(named: "X-Signature") == theirs)
        _ = try RequestVerifier(.v320).verify(
            signed.with("X-Signature", theirs), now: SampleRequests.now, key: key.verificationKey)
    }

    @Test("tif and csb: Python's hashlib and hmac make the same signatures")
    func gateways() throws {
        let script = """
            import base64, hashlib, hmac, sys
            token, time, nonce = b'abcdefghijklmnop', sys.argv[1].encode(), sys.argv[2].encode()
            pairs = {'_api_name': 'n', '_api_version': '1.0.0', '_api_access_key': 'k', '_api_timestamp': '1700000000123',
                     'z': '张三', 'a': '1 2'}
            text = '&'.join(k + '=' + pairs[k] for k in sorted(pairs))
            print(hashlib.sha256(time + token + nonce + time).hexdigest().upper())
            print(base64.b64encode(hmac.new(token, text.encode(), hashlib.sha1).digest()).decode())
            """
        let lines = try Self.lines("python3", ["-c", script, "1700000000", SampleRequests.nonce])
        #expect(lines.count == 2)
        let key = SigningKey(id: "k", .secret(SharedSecret("abcdefghijklmnop")))
        let upper = SigningOptions(usesUppercaseHex: true)
        let tif = try SampleRequests.signed(.tif, key, options: upper)
        #expect(try tif.field(named: "x-tif-signature") == lines[0])
        let request = try SampleRequests.get(
            "/csb?z=%E5%BC%A0%E4%B8%89&a=1+2", ["_api_name": "n", "_api_version": "1.0.0"])
        let csb = try SampleRequests.signed(.csb, key, request, at: SampleRequests.now + 123)
        #expect(try csb.field(named: "_api_signature") == lines[1])
    }

    @Test("v3.2.1: OpenSSL takes our RSA-PSS, and we take its own with a salt of 32 only")
    func pss() throws {
        let folder = try Folder()
        let secret = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let key = SigningKey(id: "k", .rsa(secret))
        let (message, signed) = try sample(.v321, key)
        let text = try folder.write(message, "text")
        let pem = try folder.write(Array(secret.pemRepresentation.utf8), "key.pem")
        let publicPEM = try folder.write(Array(secret.publicKey.pemRepresentation.utf8), "pub.pem")
        let signature = try folder.write(bytes(signed), "signature")
        func options(_ salt: Int) -> [String] {
            ["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)"]
        }
        _ = try Tool.run("openssl", options(32) + ["-verify", publicPEM, "-signature", signature, text])
        let theirs = try Tool.run("openssl", options(32) + ["-sign", pem, text])
        try expect(theirs, over: signed, .v321, key, nil)
        let short = try Tool.run("openssl", options(20) + ["-sign", pem, text])
        try expect(short, over: signed, .v321, key, .signatureMismatch)
    }

    @Test("v3.3.0: OpenSSL takes our ECDSA, and we take its own")
    func ecdsa() throws {
        let folder = try Folder()
        let secret = P256.Signing.PrivateKey()
        let key = SigningKey(id: "k", .p256(secret))
        let (message, signed) = try sample(.v330, key)
        let text = try folder.write(message, "text")
        let pem = try folder.write(Array(secret.pemRepresentation.utf8), "key.pem")
        let publicPEM = try folder.write(Array(secret.publicKey.pemRepresentation.utf8), "pub.pem")
        let signature = try folder.write(bytes(signed), "signature")
        _ = try Tool.run("openssl", ["dgst", "-sha256", "-verify", publicPEM, "-signature", signature, text])
        try expect(
            Tool.run("openssl", ["dgst", "-sha256", "-sign", pem, text]), over: signed, .v330, key, nil)
    }

    @Test("gm and fsi-sm: OpenSSL takes our SM2 under each user id, and we take its own")
    func sm2() throws {
        let folder = try Folder()
        let secret = SM2.Signing.PrivateKey()
        let pem = try folder.write(Array(secret.pemRepresentation.utf8), "key.pem")
        let publicPEM = try folder.write(Array(secret.publicKey.pemRepresentation.utf8), "pub.pem")
        let key = SigningKey(id: "k", .sm2(secret, userID: .default))
        let (message, signed) = try sample(.gm, key)
        let text = try folder.write(message, "text")
        func options(_ userID: String, _ text: String) -> [String] {
            ["pkeyutl", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:\(userID)", "-in", text]
        }
        let ours = try folder.write(bytes(signed), "signature")
        let standard = options("1234567812345678", text)
        _ = try Tool.run("openssl", standard + ["-verify", "-pubin", "-inkey", publicPEM, "-sigfile", ours])
        try expect(Tool.run("openssl", standard + ["-sign", "-inkey", pem]), over: signed, .gm, key, nil)

        let terms = try ClientTerms(clientID: SampleRequests.clientID)
        let client = SigningKey(id: SampleRequests.clientID, .fsi(terms, secret))
        let sent = try SampleRequests.signed(.fsiSM, client)
        let cainfo = try #require(JSONDocument(parsing: sent.body).string(at: "cainfo"))
        let raw = try #require(Data(base64Encoded: cainfo))
        let pair = try SM2.Signing.Signature(rawRepresentation: raw)
        let input = try folder.write(Array(#"{"data":{"psn_no":"1","amt":1.50}}"#.utf8), "input")
        let der = try folder.write(pair.derRepresentation, "input.sig")
        let named = options(SampleRequests.clientID, input)
        _ = try Tool.run("openssl", named + ["-verify", "-pubin", "-inkey", publicPEM, "-sigfile", der])
        let theirs = try SM2.Signing.Signature(
            derRepresentation: Tool.run("openssl", named + ["-sign", "-inkey", pem]))
        let other = Data(theirs.rawRepresentation).base64EncodedString()
        let call = try RequestVerifier(.fsiSM).verify(
            sent.replacing(cainfo, with: other), now: SampleRequests.now, key: client.verificationKey)
        #expect(call.content.parameters?.string(at: "data", "psn_no") == "1")
    }

    @Test("fsi-sm: OpenSSL decrypts what is sent")
    func cipher() throws {
        let key = try SampleRequests.key(for: .fsiSM)
        let sent = try SampleRequests.signed(.fsiSM, key)
        let input = try #require(JSONDocument(parsing: sent.body).string(at: "input"))
        let folder = try Folder()
        let file = try folder.write(Array(#require(Data(base64Encoded: input))), "input")
        let hex = SampleRequests.clientID.utf8.map { String($0, radix: 16) }.joined()
        let plain = try Tool.run("openssl", ["enc", "-sm4-ecb", "-d", "-K", hex, "-in", file])
        #expect(String(decoding: plain, as: UTF8.self) == #"{"data":{"psn_no":"1","amt":1.50}}"#)
        #expect(try JSONDocument(parsing: sent.body).string(at: "inf_time") == "2023-11-15 06:13:20")
    }

    @Test(
        "Python's cryptography takes our RSA-PSS and ECDSA, and we take its own",
        .enabled(if: pythonHasCryptography))
    func python() throws {
        let script = """
            import base64, sys
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import ec, padding
            kind, pem, text, ours = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode(), sys.argv[4]
            key = serialization.load_pem_private_key(pem, None)
            how = (ec.ECDSA(hashes.SHA256()),) if kind == 'ec' else (
                padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            key.public_key().verify(base64.b64decode(ours), text, *how)
            print(base64.b64encode(key.sign(text, *how)).decode())
            """
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let p256 = P256.Signing.PrivateKey()
        let cases: [(Profile, String, SigningKey.Material, String)] = [
            (.v321, "rsa", .rsa(rsa), rsa.pkcs8PEMRepresentation),
            (.v330, "ec", .p256(p256), p256.pemRepresentation),
        ]
        for (profile, kind, material, pem) in cases {
            let key = SigningKey(id: "k", material)
            let (text, signed) = try sample(profile, key)
            let own = try signed.field(named: "X-Signature")
            let theirs = try Self.line(
                "python3", ["-c", script, kind, pem, String(decoding: text, as: UTF8.self), own])
            try expect(Array(#require(Data(base64Encoded: theirs))), over: signed, profile, key, nil)
        }
    }

    /// The text as another implementation would write it, and our message.
    private func sample(_ profile: Profile, _ key: SigningKey) throws -> ([UInt8], HTTPMessage) {
        let number = profile == .v321 ? "123456789012345678" : "123456789012345680"
        let text = Self.text + #"{"a":"y","b":[1,{"a":"x","z":1}],"n":\#(number)}"#
        let message = try SampleRequests.post(Self.plain)
        return (Array(text.utf8), try SampleRequests.signed(profile, key, message))
    }

    private func bytes(_ signed: HTTPMessage) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: signed.field(named: "X-Signature"))))
    }

    private func expect(
        _ signature: [UInt8], over signed: HTTPMessage, _ profile: Profile, _ key: SigningKey,
        _ code: SigningRefusal.Code?
    ) throws {
        let message = try signed.with("X-Signature", Data(signature).base64EncodedString())
        let found = refusal {
            _ = try RequestVerifier(profile).verify(
                message, now: SampleRequests.now, key: key.verificationKey)
        }
        #expect(found == code)
    }

    private static func lines(_ program: String, _ arguments: [String]) throws -> [String] {
        String(decoding: try Tool.run(program, arguments), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }

    private static func line(_ program: String, _ arguments: [String]) throws -> String {
        try #require(try lines(program, arguments).first)
    }
}
