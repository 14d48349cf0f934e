import Foundation
import ShangMi
import ShangMiCertificates
import SwiftASN1
import Testing
import X509

@Suite("SM2 certificates: broken input")
struct CertificateRefusalTests {
    private let root: SM2Certificate
    private let der: [UInt8]

    init() throws {
        let holder = try Holder(root: "Root")
        root = try holder.issue("Leaf") { template in
            try template.extensions.append(ExtendedKeyUsage([.serverAuth]).makeCertificateExtension())
        }.certificate
        der = root.derRepresentation
    }

    private func code(of bytes: [UInt8]) -> SM2CertificateError.Code? {
        do {
            _ = try SM2Certificate(derRepresentation: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Truncated and lengthened certificates are refused")
    func lengths() {
        for count in der.indices { #expect(code(of: Array(der.prefix(count))) == .malformed) }
        #expect(code(of: der + [0]) == .malformed)
    }

    @Test("A changed bit is refused, or comes out again and breaks the signature")
    func flips() throws {
        let holder = try Holder(root: "Root")
        let certificate = try holder.issue("Leaf").certificate
        for index in certificate.derRepresentation.indices {
            for bit in 0..<8 {
                var bytes = certificate.derRepresentation
                bytes[index] ^= 1 << bit
                guard let changed = try? SM2Certificate(derRepresentation: bytes) else { continue }
                #expect(changed.derRepresentation == bytes)
                if bit == 0 { #expect(!changed.isSigned(by: holder.key.publicKey), "byte \(index)") }
            }
        }
    }

    @Test("Bytes at random don't trap")
    func noise() {
        var source = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var bytes = der
            for _ in 0..<Int.random(in: 1...6, using: &source) {
                bytes[Int.random(in: bytes.indices, using: &source)] = UInt8.random(
                    in: 0...255, using: &source)
            }
            if let changed = try? SM2Certificate(derRepresentation: bytes) {
                #expect(changed.derRepresentation == bytes)
                _ = changed.extensions.description
            }
        }
    }

    @Test("Other versions are refused by name")
    func versions() {
        #expect(
            code(of: der.replacing([0xa0, 3, 2, 1, 2], with: [0xa0, 3, 2, 1, 1])) == .unsupportedVersion)
        #expect(
            code(of: der.replacing([0xa0, 3, 2, 1, 2], with: [0xa0, 3, 2, 1, 3])) == .unsupportedVersion)
    }

    @Test("A point off the curve is an invalid key")
    func point() throws {
        let key = try #require(root.publicKey).x963Representation
        #expect(code(of: der.replacing(key, with: Array(key[..<64]) + [key[64] ^ 1])) == .invalidPublicKey)
        #expect(code(of: der.replacing(key, with: [0x05] + key.dropFirst())) == .invalidPublicKey)
    }

    @Test("Two algorithms in one certificate contradict each other")
    func algorithms() throws {
        let identifier: [UInt8] = [0x06, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75]
        let start = try #require(der.indices.last { der[$0...].starts(with: identifier) })
        var bytes = der
        bytes[start + 9] = 0x76
        #expect(code(of: bytes) == .malformed)
    }

    @Test("Times with leap seconds, and early ones in the later form, have another encoding")
    func times() {
        let start = Array("270114".utf8)
        guard let index = der.indices.first(where: { der[$0...].starts(with: start) }) else {
            Issue.record("no time")
            return
        }
        var bytes = der
        bytes.replaceSubrange(index + 10..<index + 12, with: "60".utf8)
        #expect(code(of: bytes) == .notCanonical)
        bytes.replaceSubrange(index + 2..<index + 4, with: "13".utf8)
        #expect(code(of: bytes) == .malformed)
    }

    @Test(
        "Extensions that decide about trust must be readable",
        arguments: [
            ASN1ObjectIdentifier.X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage,
            .X509ExtensionID.extendedKeyUsage,
        ])
    func extensions(kind: ASN1ObjectIdentifier) throws {
        let holder = try Holder(root: "Root")
        for value: [UInt8] in [[], [0x30], [0x05, 0], [0x03, 1, 7], [0x03, 2, 0, 0], [0x30, 3, 1, 1, 0]] {
            let error = #expect(throws: SM2CertificateError.self) {
                try holder.issue("A") {
                    $0.extensions.update(.init(oid: kind, critical: true, value: value[...]))
                }
            }
            #expect(error?.code == .malformedExtension, "\(kind) \(value)")
        }
        let negative: [UInt8] = [0x30, 6, 1, 1, 0xff, 2, 1, 0xff]
        let error = #expect(throws: SM2CertificateError.self) {
            try holder.issue("A") {
                $0.extensions.update(
                    .init(oid: .X509ExtensionID.basicConstraints, critical: true, value: negative[...]))
            }
        }
        #expect(error?.code == .malformedExtension)
    }
}
