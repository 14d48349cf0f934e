import Crypto
import Foundation
import HTTPTypes
import RequestSigning
import Testing

@Suite("Message signatures against implementations not ours", .timeLimit(.minutes(10)))
struct MessageOutsideTests {
    let request = HTTPRequest(
        method: .post, scheme: "https", authority: "gateway.example", path: "/v3/a?b=1",
        headerFields: [
            .contentType: "application/json",
            .contentDigest: ContentDigest.fieldValue(for: Array("{\"a\":1}".utf8)),
        ])
    let parameters = SignatureParameters(
        covering: [.method, .authority, .path, .query, .contentDigest, MessageComponent("content-type")],
        created: 1_700_000_000, nonce: "abcdefghijklmnop", keyID: "k")

    @Test("Python writes the same base, digests and MAC")
    func python() throws {
        let script = """
            import base64, hashlib, hmac
            body = b'{"a":1}'
            digest = 'sha-256=:%s:' % base64.b64encode(hashlib.sha256(body).digest()).decode()
            lines = [('@method', 'POST'), ('@authority', 'gateway.example'), ('@path', '/v3/a'),
                     ('@query', '?b=1'), ('content-digest', digest), ('content-type', 'application/json')]
            params = '(%s);created=1700000000;nonce="abcdefghijklmnop";keyid="k"' % (
                ' '.join('"%s"' % name for name, _ in lines))
            base = '\\n'.join(['"%s": %s' % line for line in lines] + ['"@signature-params": ' + params])
            mac = hmac.new(bytes(range(32)), base.encode(), hashlib.sha256).digest()
            wide = 'sha-512=:%s:' % base64.b64encode(hashlib.sha512(body).digest()).decode()
            print(base.replace('\\n', '|'), base64.b64encode(mac).decode(), wide, sep='\\n')
            """
        let output = try Tool.run("python3", ["-c", script])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        let base = try SignatureBase(parameters, of: request)
        let key = SymmetricKey(data: Array(UInt8(0)..<32))
        #expect(lines.count == 3)
        #expect(lines[0].replacing("|", with: "\n") == String(decoding: base.bytes, as: UTF8.self))
        #expect(lines[1] == Data(base.signature(by: key)).base64EncodedString())
        #expect(lines[2] == ContentDigest.fieldValue(for: Array("{\"a\":1}".utf8), using: .sha512))
        #expect(base.isValid(Array(try #require(Data(base64Encoded: lines[1]))), by: key))
    }

    @Test("OpenSSL verifies what is signed here, and what it signs is verified here")
    func openSSL() throws {
        let folder = try Folder()
        let base = try SignatureBase(parameters, of: request)
        let keys = try TestKeys()
        let ed25519 = try MessageVectors.key("test-key-ed25519")
        let p256 = try MessageVectors.key("test-key-ecc-p256")
        let rsa = try MessageVectors.key("test-key-rsa-pss")
        let message = try folder.write(base.bytes, "base")

        let signed = try folder.write(base.signature(by: keys.ed25519), "ed.sig")
        let edPublic = try folder.write(Array(#require(ed25519.public).utf8), "ed.pub")
        let edPrivate = try folder.write(Array(#require(ed25519.private).utf8), "ed.key")
        _ = try Tool.run(
            "openssl",
            ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", edPublic, "-in", message]
                + ["-sigfile", signed])
        let theirs = try Tool.run(
            "openssl", ["pkeyutl", "-sign", "-rawin", "-inkey", edPrivate, "-in", message])
        #expect(base.isValid(theirs, by: keys.ed25519.publicKey))

        let pair = try P256.Signing.ECDSASignature(rawRepresentation: base.signature(by: keys.p256))
        let der = try folder.write(Array(pair.derRepresentation), "ec.sig")
        let ecPublic = try folder.write(Array(#require(p256.public).utf8), "ec.pub")
        let ecPrivate = try folder.write(Array(#require(p256.private).utf8), "ec.key")
        _ = try Tool.run("openssl", ["dgst", "-sha256", "-verify", ecPublic, "-signature", der, message])
        let ecdsa = try P256.Signing.ECDSASignature(
            derRepresentation: Tool.run("openssl", ["dgst", "-sha256", "-sign", ecPrivate, message]))
        #expect(base.isValid(Array(ecdsa.rawRepresentation), by: keys.p256Public))
        #expect(!base.isValid(Array(ecdsa.derRepresentation), by: keys.p256Public))

        let options = ["-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"]
        let pss = try folder.write(base.signature(by: keys.rsa), "rsa.sig")
        let rsaPublic = try folder.write(Array(#require(rsa.public).utf8), "rsa.pub")
        let rsaPrivate = try folder.write(Array(#require(rsa.pkcs1).utf8), "rsa.key")
        _ = try Tool.run("openssl", ["dgst"] + options + ["-verify", rsaPublic, "-signature", pss, message])
        let other = try Tool.run("openssl", ["dgst"] + options + ["-sign", rsaPrivate, message])
        #expect(base.isValid(other, by: keys.rsaPublic))
        let short = options.dropLast() + ["rsa_pss_saltlen:32"]
        let wrong = try Tool.run("openssl", ["dgst"] + short + ["-sign", rsaPrivate, message])
        #expect(!base.isValid(wrong, by: keys.rsaPublic))
    }
}

/// A command line program that must succeed.
enum Tool {
    static func run(_ name: String, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(name) \(arguments.first ?? "")")
        return bytes
    }
}

/// A folder for a test's files, removed with it.
final class Folder {
    private let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path(percentEncoded: false)
    }
}
