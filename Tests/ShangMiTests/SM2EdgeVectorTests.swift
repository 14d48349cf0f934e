import Foundation
import ShangMi
import Testing

/// `Vectors/sm2_edge.json`, which scripts/sm2-edge-vectors makes with arithmetic of its own.
@Suite("SM2: edge vectors")
struct SM2EdgeVectorTests {
    private static let file = (try? JSONDecoder().decode(EdgeVectors.self, from: vectors("sm2_edge")))

    /// One test with the group that it belongs to.
    struct Case: Sendable, CustomTestStringConvertible {
        let group: EdgeVectors.Group
        let test: EdgeVectors.Test

        var testDescription: String { "\(test.tcId) \(group.type): \(test.comment)" }
    }

    static let cases =
        file?.testGroups.flatMap { group in group.tests.map { Case(group: group, test: $0) } } ?? []

    @Test("The file is whole: its count is right, its numbers are unique and every flag has a note")
    func wholeness() throws {
        let file = try #require(Self.file)
        #expect(Self.cases.count == file.numberOfTests && file.numberOfTests > 150)
        #expect(Set(Self.cases.map(\.test.tcId)).count == Self.cases.count)
        #expect(Set(Self.cases.flatMap(\.test.flags)) == Set(file.notes.keys))
    }

    @Test("Our verdict is the expected one", arguments: cases)
    func ours(_ item: Case) throws {
        #expect(try item.verdict() == (item.test.result == "valid"))
    }

    @Test(
        "OpenSSL's verdict is the expected one, but where a flag says why not",
        .enabled(if: OpenSSL.shared.isPresent), arguments: cases)
    func openSSL(_ item: Case) throws {
        guard let verdict = try item.openSSLVerdict() else { return }
        let isException = item.test.flags.contains { $0.hasPrefix("OpenSSL") }
        #expect(verdict == (item.test.result == "valid") || isException)
        #expect(verdict != (item.test.result == "valid") || !isException, "the exception isn't needed")
    }
}

extension SM2EdgeVectorTests.Case {
    private var signature: [UInt8] { bytes(hex: test.sig ?? "") }

    func verdict() throws -> Bool {
        if group.type == "Sm2PublicKey" {
            let encoded = bytes(hex: test.encoded ?? "")
            return (try? SM2.Signing.PublicKey(x963Representation: encoded)) != nil
                || (try? SM2.Signing.PublicKey(compressedRepresentation: encoded)) != nil
        }
        let key = try SM2.Signing.PublicKey(
            x963Representation: bytes(hex: group.publicKey?.uncompressed ?? ""))
        let parsed: SM2.Signing.Signature? =
            group.type == "Sm2P1363Verify"
            ? try? SM2.Signing.Signature(rawRepresentation: signature)
            : try? SM2.Signing.Signature(derRepresentation: signature)
        guard let parsed else { return false }
        // Three times: without the key's table, while it is made, and with it.
        let verdicts = try (0..<3).map { _ in
            if let digest = test.digest { return key.isValidSignature(parsed, forDigest: bytes(hex: digest)) }
            let user = try SM2.UserID(bytes(hex: group.userId ?? ""))
            return key.isValidSignature(parsed, for: bytes(hex: test.msg ?? ""), userID: user)
        }
        #expect(Set(verdicts).count == 1)
        return verdicts[0]
    }

    /// Nil where OpenSSL has no such form: raw signatures of other than 64 bytes.
    func openSSLVerdict() throws -> Bool? {
        if group.type == "Sm2PublicKey" {
            return OpenSSLKey(publicDER: publicInfo(bytes(hex: test.encoded ?? ""))) != nil
        }
        let encoded = bytes(hex: group.publicKey?.uncompressed ?? "")
        let key = try #require(OpenSSLKey(publicDER: publicInfo(encoded)))
        var der = signature
        if group.type == "Sm2P1363Verify" {
            guard let raw = try? SM2.Signing.Signature(rawRepresentation: der) else { return nil }
            der = raw.derRepresentation
        }
        if let digest = test.digest { return key.isValidSignature(der, forDigest: bytes(hex: digest)) }
        return key.isValidSignature(
            der, for: bytes(hex: test.msg ?? ""), userID: bytes(hex: group.userId ?? ""))
    }

    /// SubjectPublicKeyInfo around any bytes; short enough for one-byte lengths.
    private func publicInfo(_ encoded: [UInt8]) -> [UInt8] {
        let algorithm = bytes(hex: "301306072a8648ce3d020106082a811ccf5501822d")
        let bits = [3, UInt8(encoded.count + 1), 0] + encoded
        return [0x30, UInt8(algorithm.count + bits.count)] + algorithm + bits
    }
}

/// Wycheproof's form.
struct EdgeVectors: Decodable, Sendable {
    struct Note: Decodable, Sendable {
        let bugType, description: String
    }
    struct PublicKey: Decodable, Sendable {
        let uncompressed: String
    }
    struct Test: Decodable, Sendable {
        let tcId: Int
        let comment, result: String
        let flags: [String]
        let msg, digest, sig, encoded: String?
    }
    struct Group: Decodable, Sendable {
        let type: String
        let publicKey: PublicKey?
        let userId: String?
        let tests: [Test]
    }

    let numberOfTests: Int
    let notes: [String: Note]
    let testGroups: [Group]
}
