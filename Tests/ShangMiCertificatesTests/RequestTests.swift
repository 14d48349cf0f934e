import ShangMi
import ShangMiCertificates
import Testing
import X509

@Suite("SM2 certificate requests")
struct RequestTests {
    private let key = SM2.Signing.PrivateKey()

    private func request(userID: SM2.UserID = .default) throws -> SM2CertificateRequest {
        try SM2CertificateRequest(
            subject: name("Alice"),
            extensions: Certificate.Extensions { SubjectAlternativeNames([.dnsName("a.cn")]) }, key: key,
            userID: userID)
    }

    @Test("A request comes back the same and is its key's")
    func roundTrip() throws {
        let request = try request()
        for back in [
            try SM2CertificateRequest(derRepresentation: request.derRepresentation),
            try SM2CertificateRequest(pemRepresentation: request.pemRepresentation),
        ] {
            #expect(back == request)
            #expect(back.publicKey == key.publicKey)
            #expect(try back.subject == name("Alice"))
            #expect(try back.extensions.subjectAlternativeNames.map(Array.init) == [.dnsName("a.cn")])
            #expect(back.hasValidSignature())
            #expect(!back.hasValidSignature(userID: try SM2.UserID("Bob")))
        }
        let bare = try SM2CertificateRequest(subject: name("Alice"), key: key)
        #expect(bare.attributes.isEmpty && bare.extensions.isEmpty && bare.hasValidSignature())
    }

    @Test("Damage is refused, or comes out again and breaks the signature")
    func damage() throws {
        let der = try request().derRepresentation
        for count in der.indices {
            #expect(throws: SM2CertificateError.self) {
                try SM2CertificateRequest(derRepresentation: der.prefix(count))
            }
        }
        for index in der.indices {
            for bit in 0..<8 {
                var bytes = der
                bytes[index] ^= 1 << bit
                guard let changed = try? SM2CertificateRequest(derRepresentation: bytes) else { continue }
                #expect(changed.derRepresentation == bytes)
                if bit == 0 { #expect(!changed.hasValidSignature()) }
            }
        }
        let error = #expect(throws: SM2CertificateError.self) {
            try SM2CertificateRequest(
                derRepresentation: der.replacing([2, 1, 0, 0x30], with: [2, 1, 1, 0x30]))
        }
        #expect(error?.code == .unsupportedVersion)
    }

    @Test("OpenSSL verifies our requests", .enabled(if: OpenSSLCommand.isPresent))
    func ours() throws {
        let openssl = try OpenSSLCommand()
        try openssl.write("r.pem", try request().pemRepresentation)
        let check = ["req", "-verify", "-in", "r.pem", "-noout", "-text"]
        let text = try openssl.run(check + OpenSSLCommand.verifying)
        #expect(text.contains("DNS:a.cn") && text.contains("CN = Alice"))
        // The command ends well either way.
        let verdicts = ("self-signature verify OK", "self-signature verify failure")
        #expect(text.contains(verdicts.0))
        #expect(try openssl.run(check + ["-vfyopt", "distid:other"]).contains(verdicts.1))
        try openssl.write("r.pem", try request(userID: SM2.UserID("other")).pemRepresentation)
        #expect(try openssl.run(check + ["-vfyopt", "distid:other"]).contains(verdicts.0))
    }

    @Test("We verify OpenSSL's requests", .enabled(if: OpenSSLCommand.isPresent))
    func theirs() throws {
        let openssl = try OpenSSLCommand()
        let make = ["req", "-subj", "/CN=Bob", "-out", "r.pem"]
        try openssl.makeKey("k.pem")
        try openssl.run(
            make + ["-new", "-key", "k.pem", "-addext", "subjectAltName=DNS:b.cn"]
                + OpenSSLCommand.signing)
        let request = try SM2CertificateRequest(pemRepresentation: openssl.text("r.pem"))
        #expect(request.hasValidSignature())
        #expect(try request.extensions.subjectAlternativeNames.map(Array.init) == [.dnsName("b.cn")])
        let key = try SM2.Signing.PrivateKey(pemRepresentation: openssl.text("k.pem"))
        #expect(request.publicKey == key.publicKey)
        try openssl.run(make + ["-newkey", "rsa:2048", "-nodes", "-keyout", "rsa.pem"])
        let error = #expect(throws: SM2CertificateError.self) {
            try SM2CertificateRequest(pemRepresentation: openssl.text("r.pem"))
        }
        #expect(error?.code == .unsupportedAlgorithm)
    }
}
