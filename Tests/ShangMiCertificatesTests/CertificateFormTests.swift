import ShangMi
import ShangMiCertificates
import Testing
import X509

@Suite("SM2 certificates: other forms")
struct CertificateFormTests {
    private let holder: Holder
    private let identifier: [UInt8] = [0x06, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75]
    private let extendedUsage: [UInt8] = [0x06, 3, 0x55, 0x1d, 0x25]

    init() throws { holder = try Holder(root: "Root") }

    @Test("An algorithm with NULL for parameters is SM2's too, as long as both are the same")
    func parameters() throws {
        let algorithm = element(0x30, identifier, [5, 0])
        let der = try holder.reassembled { $0[2] = algorithm }
        let certificate = try SM2Certificate(derRepresentation: der)
        #expect(certificate.derRepresentation == der)
        #expect(certificate.isSigned(by: holder.key.publicKey))
        let error = #expect(throws: SM2CertificateError.self) {
            try SM2Certificate(derRepresentation: holder.reassembled(algorithm: algorithm) { _ in })
        }
        #expect(error?.code == .malformed)
        let other = element(0x30, identifier, [4, 1, 0])
        #expect(
            try !SM2Certificate(derRepresentation: holder.reassembled { $0[2] = other })
                .isSigned(by: holder.key.publicKey))
    }

    @Test("Unique identifiers and a serial number of zero come out again")
    func rarities() throws {
        for der in [
            try holder.reassembled { $0.insert([0x81, 2, 0, 1], at: 7) },
            try holder.reassembled { $0.insert([0x82, 2, 0, 1], at: 7) },
            try holder.reassembled { $0[1] = [2, 1, 0] },
            try holder.reassembled { $0[5] = [0x30, 0] },
        ] {
            let certificate = try SM2Certificate(derRepresentation: der)
            #expect(certificate.derRepresentation == der)
            #expect(certificate.isSigned(by: holder.key.publicKey))
        }
    }

    @Test("What has another encoding, or none, is refused whoever signed it")
    func refusals() throws {
        let early = element(
            0x30, element(0x18, Array("20270101000000Z".utf8)),
            element(0x18, Array("20280101000000Z".utf8)))
        let fraction = element(
            0x30, element(0x17, Array("270101000000Z".utf8)),
            element(0x18, Array("20500101000000.5Z".utf8)))
        let usage = element(0x30, extendedUsage, element(0x04, [0x30, 0]))
        let explicit = element(0x30, extendedUsage, [1, 1, 0], element(0x04, [0x30, 0]))
        let cases: [(SM2CertificateError.Code, (inout [[UInt8]]) -> Void)] = [
            (.unsupportedVersion, { $0.removeFirst() }),
            (.malformed, { $0[0] = element(0xa0, [2, 1, 0]) }),
            (.malformed, { $0[1] = [2, 1, 0x80] }),
            (.malformed, { $0[1] = [2, 2, 0, 1] }),
            (.malformed, { $0[3] = [0x30, 0] }),
            (.notCanonical, { $0[4] = early }),
            (.notCanonical, { $0[4] = fraction }),
            (.notCanonical, { $0[7] = element(0xa3, [0x30, 0]) }),
            (.malformed, { $0[7] = element(0xa3, element(0x30, usage, usage)) }),
            (.malformed, { $0[7] = element(0xa3, element(0x30, explicit)) }),
            (.malformed, { $0.append([5, 0]) }),
            (.malformed, { $0.swapAt(3, 4) }),
        ]
        for (index, (code, change)) in cases.enumerated() {
            let error = #expect(throws: SM2CertificateError.self, "case \(index)") {
                try SM2Certificate(derRepresentation: holder.reassembled(change: change))
            }
            #expect(error?.code == code, "case \(index)")
        }
    }

    @Test("A signature in another than its one encoding is refused")
    func signature() throws {
        let parts = try elements(of: holder.certificate.derRepresentation)
        let signature = holder.certificate.signatureBytes
        for wrong: [UInt8] in [[], signature + [0], [0x30, 0x80] + signature.dropFirst(2), [0x30, 0]] {
            let error = #expect(throws: SM2CertificateError.self) {
                try SM2Certificate(
                    derRepresentation: element(0x30, parts[0], parts[1], element(0x03, [0], wrong)))
            }
            #expect(error?.code == .malformed)
        }
        let padded = element(0x30, parts[0], parts[1], element(0x03, [1], signature.dropLast() + [0]))
        #expect(throws: SM2CertificateError.self) { try SM2Certificate(derRepresentation: padded) }
    }
}
