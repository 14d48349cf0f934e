import Foundation
import ShangMi
import ShangMiCertificates
import SwiftASN1
import Testing
import X509

@Suite("SM2 certificates beside OpenSSL", .enabled(if: OpenSSLCommand.isPresent))
struct ChainOracleTests {
    private let openssl: OpenSSLCommand

    init() throws { openssl = try OpenSSLCommand() }

    /// OpenSSL's verdict on a chain at the time of the tests' certificates.
    ///
    /// - Parameter options: the user id, which OpenSSL 3.0 takes for the leaf alone; above it has no bytes.
    private func accepts(
        _ leaf: SM2Certificate, _ intermediates: [SM2Certificate], root: SM2Certificate, options: [String]
    ) -> Bool {
        do {
            try openssl.write("leaf.pem", leaf.pemRepresentation)
            try openssl.write("others.pem", intermediates.map { $0.pemRepresentation + "\n" }.joined())
            try openssl.write("root.pem", root.pemRepresentation)
            let untrusted = intermediates.isEmpty ? [] : ["-untrusted", "others.pem"]
            try openssl.run(
                ["verify", "-x509_strict", "-attime", "\(Int(now.timeIntervalSince1970))"] + options
                    + ["-CAfile", "root.pem"] + untrusted + ["leaf.pem"])
            return true
        } catch {
            return false
        }
    }

    @Test("OpenSSL verifies our certificates, and refuses those that we refuse")
    func ours() throws {
        let root = try Holder(root: "Root")
        let unknown = Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [5, 0])
        let cases: [(Holder, isTrusted: Bool)] = [
            (try root.issue("Leaf"), true), (try root.issue("Leaf", .encryption), true),
            (try root.issue("Leaf", .authority(maxPathLength: 3)), true),
            (try root.issue("Leaf", userID: try SM2.UserID("other")), false),
            (try root.issue("Leaf") { $0.notValidAfter = now - 1 }, false),
            (try root.issue("Leaf") { $0.notValidBefore = now + 1 }, false),
            (try root.issue("Leaf") { try $0.extensions.append(unknown) }, false),
            (try Holder(root: "Root").issue("Leaf"), false), (try Holder(root: "Other").issue("Leaf"), false),
        ]
        for (leaf, isTrusted) in cases {
            let verdict = SM2ChainVerifier(roots: [root.certificate]).verify(leaf.certificate, at: now)
            #expect((verdict.refusal == nil) == isTrusted)
            let options = OpenSSLCommand.verifying
            #expect(accepts(leaf.certificate, [], root: root.certificate, options: options) == isTrusted)
        }
    }

    @Test("OpenSSL verifies our chains, and refuses those that we refuse")
    func chains() throws {
        let noID = try SM2.UserID([])
        let root = try Holder(root: "Root")
        let a = try root.issue("A", .authority(maxPathLength: 0), userID: noID)
        let b = try a.issue("B", .authority(), userID: noID)
        let weak = try root.issue("W", .authority(), userID: noID) {
            try $0.set(KeyUsage(digitalSignature: true))
        }
        var cases: [(Holder, [Holder], isTrusted: Bool)] = [
            (try a.issue("Leaf", userID: noID), [a], true),
            (try a.issue("Leaf", userID: noID), [b, a], true),
            (try a.issue("Leaf", userID: noID), [], false),
            (try b.issue("Leaf", userID: noID), [a, b], false),
        ]
        let strong = try Holder(renewing: weak, by: root, userID: noID)
        let leaf = try strong.issue("Leaf", userID: noID)
        cases += [(leaf, [strong], true), (leaf, [weak], false)]
        for (leaf, intermediates, isTrusted) in cases {
            let others = intermediates.map(\.certificate)
            let verdict = SM2ChainVerifier(roots: [root.certificate], userID: noID).verify(
                leaf.certificate, intermediates: others, at: now)
            #expect((verdict.refusal == nil) == isTrusted, "\(others.map(\.subject))")
            let theirs = accepts(leaf.certificate, others, root: root.certificate, options: [])
            #expect(theirs == isTrusted, "\(others.map(\.subject))")
        }
    }

    @Test("OpenSSL reads our fields as we wrote them")
    func text() throws {
        let root = try Holder(root: "Root 根") {
            $0.serialNumber = Certificate.SerialNumber(bytes: [0x12, 0x34, 0x56])
        }
        try openssl.write("c.der", root.certificate.derRepresentation)
        let text = try openssl.run(
            "x509", "-in", "c.der", "-inform", "DER", "-noout", "-text", "-nameopt", "utf8")
        for part in [
            "Version: 3 (0x2)", "1193046 (0x123456)", "SM2-with-SM3", "ASN1 OID: SM2", "Root 根", "CA:TRUE",
            "Certificate Sign, CRL Sign",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test("We verify OpenSSL's chain, made from an OpenSSL request")
    func theirs() throws {
        try openssl.makeRoot("root")
        let extensions = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"]
        try openssl.write("ext", extensions.joined(separator: "\n") + "\nsubjectAltName=DNS:a.cn\n")
        try openssl.makeKey("leaf.key")
        try openssl.run(
            ["req", "-new", "-key", "leaf.key"]
                + OpenSSLCommand.signing + ["-subj", "/C=CN/O=测试/CN=leaf", "-utf8", "-out", "leaf.csr"])
        try openssl.run(
            ["x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"]
                + OpenSSLCommand.signing + OpenSSLCommand.verifying
                + ["-extfile", "ext", "-days", "10", "-out", "leaf.pem"])
        let root = try SM2Certificate(pemRepresentation: openssl.text("root.pem"))
        let leaf = try SM2Certificate(pemRepresentation: openssl.text("leaf.pem"))
        #expect(leaf.isSigned(by: try #require(root.publicKey)))
        #expect(root.isSigned(by: try #require(root.publicKey)))
        let verifier = SM2ChainVerifier(roots: [root])
        #expect(verifier.verify(leaf, at: Date() + 60, for: .signing) == .trusted([leaf, root]))
        #expect(String(describing: leaf.subject) == "CN=leaf,O=测试,C=CN")
        let key = try SM2.Signing.PrivateKey(pemRepresentation: openssl.text("leaf.key"))
        #expect(leaf.publicKey == key.publicKey)
    }

    @Test("Other user ids work both ways")
    func userIDs() throws {
        try openssl.makeKey("k")
        try openssl.run(
            "req", "-x509", "-key", "k", "-sm3", "-sigopt", "distid:Alice", "-subj", "/CN=Alice", "-out",
            "c.pem")
        let theirs = try SM2Certificate(pemRepresentation: openssl.text("c.pem"))
        let key = try #require(theirs.publicKey)
        #expect(theirs.isSigned(by: key, userID: try SM2.UserID("Alice")))
        #expect(!theirs.isSigned(by: key))
    }

    @Test("Certificates that are only half SM2 parse; a chain through another algorithm is refused")
    func mixed() throws {
        try openssl.makeRoot("root")
        try openssl.run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "p256.key", "-subj", "/CN=p256", "-out", "p256.pem")
        try openssl.write("ext", "basicConstraints=critical,CA:FALSE\n")
        let sign = ["x509", "-extfile", "ext", "-days", "10"]
        let by = { (ca: String) in ["-CA", "\(ca).pem", "-CAkey", "\(ca).key", "-CAcreateserial"] }
        // The root's key under P-256, and P-256's under the root.
        try openssl.run(
            ["req", "-new", "-key", "root.key", "-subj", "/CN=a", "-out", "a.csr"] + OpenSSLCommand.signing)
        try openssl.run(
            sign + ["-req", "-in", "a.csr", "-out", "a.pem"] + by("p256") + OpenSSLCommand.verifying)
        try openssl.run(sign + ["-in", "p256.pem", "-out", "b.pem"] + by("root") + OpenSSLCommand.signing)
        let root = try SM2Certificate(pemRepresentation: openssl.text("root.pem"))
        let a = try SM2Certificate(pemRepresentation: openssl.text("a.pem"))
        let b = try SM2Certificate(pemRepresentation: openssl.text("b.pem"))
        #expect(a.publicKey == root.publicKey && a.signature == nil)
        #expect(a.signatureAlgorithm == [1, 2, 840, 10045, 4, 3, 2])
        #expect(b.publicKey == nil && b.encryptionKey == nil)
        #expect(b.isSigned(by: try #require(root.publicKey)))
        #expect(b.subjectPublicKeyInfoBytes.count == 91)
        #expect(SM2ChainVerifier(roots: [root]).verify(b, at: Date() + 60) == .trusted([b, root]))
        let name = try SM2CertificateTemplate(
            subject: a.issuer, publicKey: try #require(root.publicKey), role: .authority(),
            notValidBefore: Date() - 60, notValidAfter: Date() + 6000)
        let key = try SM2.Signing.PrivateKey(pemRepresentation: openssl.text("root.key"))
        let verdict = SM2ChainVerifier(roots: [try name.selfSigned(with: key)]).verify(a, at: Date() + 60)
        #expect(verdict.refusal?.code == .unsupportedAlgorithm)
        #expect(verdict.refusal?.certificate == a)
        let error = #expect(throws: SM2CertificateError.self) {
            try SM2Certificate(pemRepresentation: openssl.text("p256.pem"))
        }
        #expect(error?.code == .unsupportedAlgorithm)
    }
}
