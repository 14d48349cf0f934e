import Foundation
import ShangMi
import ShangMiCertificates
import SwiftASN1
import Testing
import X509

@Suite("SM2 certificates")
struct CertificateTests {
    private let subject = try? DistinguishedName {
        CountryName("CN")
        OrganizationName("测试")
        CommonName("签名")
    }

    @Test("What is issued says what its template said")
    func fields() throws {
        let key = SM2.Signing.PrivateKey()
        let subject = try #require(subject)
        var template = try SM2CertificateTemplate(
            subject: subject, publicKey: key.publicKey, role: .authority(maxPathLength: 2),
            notValidBefore: now + 0.75, notValidAfter: now + day)
        template.serialNumber = Certificate.SerialNumber(bytes: [0x80, 1, 2])
        try template.extensions.append(
            Certificate.Extension(SubjectAlternativeNames([.dnsName("example.cn")]), critical: false))
        let certificate = try template.selfSigned(with: key)
        #expect(certificate.subject == subject)
        #expect(certificate.issuer == subject)
        #expect(Array(certificate.serialNumber.bytes) == [0x80, 1, 2])
        #expect(certificate.notValidBefore == now)
        #expect(certificate.notValidAfter == now + day)
        #expect(certificate.publicKey == key.publicKey)
        #expect(certificate.signatureAlgorithm == [1, 2, 156, 10197, 1, 501])
        #expect(certificate.signature?.derRepresentation == certificate.signatureBytes)
        #expect(certificate.subjectPublicKeyInfoBytes == key.publicKey.derRepresentation)
        let extensions = certificate.extensions
        #expect(try extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 2))
        #expect(try extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(try extensions.subjectAlternativeNames.map(Array.init) == [.dnsName("example.cn")])
        let keyID = try #require(try extensions.subjectKeyIdentifier).keyIdentifier
        #expect(keyID.count == 20)
        #expect(try extensions.authorityKeyIdentifier?.keyIdentifier == keyID)
        #expect(certificate.isSigned(by: key.publicKey))
        let signature = try #require(certificate.signature)
        #expect(key.publicKey.isValidSignature(signature, for: certificate.tbsCertificateBytes))
        #expect(!certificate.isSigned(by: SM2.Signing.PrivateKey().publicKey))
        #expect(!certificate.isSigned(by: key.publicKey, userID: try SM2.UserID("Alice")))
    }

    @Test("DER and PEM come back the same")
    func encodings() throws {
        let a = try Holder(root: "A").certificate
        let b = try Holder(root: "B").certificate
        #expect(try SM2Certificate(derRepresentation: a.derRepresentation) == a)
        #expect(try SM2Certificate(pemRepresentation: a.pemRepresentation) == a)
        let text = "first\n\(a.pemRepresentation)\n\(b.pemRepresentation)\n"
        #expect(try SM2Certificate.all(inPEM: text) == [a, b])
        #expect(throws: SM2CertificateError.self) { try SM2Certificate(pemRepresentation: text) }
        #expect(throws: SM2CertificateError.self) {
            try SM2Certificate(
                pemRepresentation: a.pemRepresentation.replacingOccurrences(of: "CERTIFICATE", with: "KEY"))
        }
    }

    @Test("A pair of certificates has a key to sign and a key to encrypt")
    func pair() throws {
        let root = try Holder(root: "Root")
        let decryption = SM2.Encryption.PrivateKey()
        let certificate = try SM2CertificateTemplate(
            subject: name("Alice"), publicKey: decryption.publicKey, notValidBefore: now,
            notValidAfter: now + day
        ).issued(by: root.certificate, with: root.key)
        let key = try #require(certificate.encryptionKey)
        #expect(try decryption.decrypt(key.encrypt([1, 2, 3])) == [1, 2, 3])
        let usage = try #require(try certificate.extensions.keyUsage)
        #expect(usage.keyEncipherment && usage.dataEncipherment && usage.keyAgreement)
        #expect(!usage.digitalSignature && !usage.keyCertSign)
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
    }

    /// From the first day of year 1 to the last of 9999, by way of the edges of UTCTime and of leap years.
    @Test(
        "Times come back to the second",
        arguments: [
            -62_135_596_800, -2_203_891_201, -2_203_891_200, -631_152_001, -631_152_000, -1, 0, 951_782_399,
            951_782_400, 951_868_800, 4_107_542_399, 4_107_542_400, 2_524_607_999, 2_524_608_000,
            253_402_300_799,
        ])
    func times(seconds: Int) throws {
        let date = Date(timeIntervalSince1970: Double(seconds))
        let key = SM2.Signing.PrivateKey()
        let certificate = try SM2CertificateTemplate(
            subject: name("T"), publicKey: key.publicKey, role: .signing, notValidBefore: date,
            notValidAfter: date
        ).selfSigned(with: key)
        #expect(certificate.notValidBefore == date)
        #expect(certificate.notValidAfter == date)
    }

    @Test("Times have two digits for the year from 1950 through 2049, and four otherwise")
    func timeForms() throws {
        let forms: [(Int, [UInt8])] = [
            (-631_152_001, element(0x18, Array("19491231235959Z".utf8))),
            (-631_152_000, element(0x17, Array("500101000000Z".utf8))),
            (2_524_607_999, element(0x17, Array("491231235959Z".utf8))),
            (2_524_608_000, element(0x18, Array("20500101000000Z".utf8))),
        ]
        for (seconds, form) in forms {
            let date = Date(timeIntervalSince1970: Double(seconds))
            let certificate = try Holder(root: "T") { ($0.notValidBefore, $0.notValidAfter) = (date, date) }
                .certificate
            #expect(try elements(of: certificate.tbsCertificateBytes)[4] == element(0x30, form, form))
        }
    }

    @Test("Serial numbers are random, positive and short")
    func serialNumbers() throws {
        let root = try Holder(root: "Root")
        let numbers = try (0..<20).map { _ in Array(try root.issue("A").certificate.serialNumber.bytes) }
        #expect(Set(numbers).count == 20)
        #expect(numbers.allSatisfy { $0.count == 16 && $0[0] < 0x80 })
    }

    @Test("Templates that nobody could accept aren't signed")
    func templates() throws {
        let root = try Holder(root: "Root")
        let cases: [(SM2CertificateError.Code, (inout SM2CertificateTemplate) throws -> Void)] = [
            (.invalidTemplate, { $0.notValidAfter = $0.notValidBefore - 1 }),
            (.invalidTemplate, { $0.notValidAfter = Date(timeIntervalSince1970: .infinity) }),
            (.invalidTemplate, { $0.serialNumber = Certificate.SerialNumber(bytes: [0]) }),
            (.invalidTemplate, { $0.serialNumber = .init(bytes: [UInt8](repeating: 0xff, count: 20)) }),
        ]
        for (code, change) in cases {
            let error = #expect(throws: SM2CertificateError.self) { try root.issue("A", change: change) }
            #expect(error?.code == code)
        }
        let leaf = try root.issue("Leaf")
        let other = SM2.Signing.PrivateKey()
        let template = try SM2CertificateTemplate(
            subject: name("A"), publicKey: other.publicKey, role: .signing, notValidBefore: now,
            notValidAfter: now)
        for attempt in [
            { try template.issued(by: root.certificate, with: other) },
            { try template.issued(by: leaf.certificate, with: leaf.key) },
            { try template.selfSigned(with: leaf.key) },
        ] {
            #expect(#expect(throws: SM2CertificateError.self) { try attempt() }?.code == .wrongIssuer)
        }
    }
}
