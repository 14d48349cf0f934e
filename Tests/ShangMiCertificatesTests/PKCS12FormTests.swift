import ShangMi
import ShangMiCertificates
import SwiftASN1
import Testing

@Suite("PKCS#12: other forms")
struct PKCS12FormTests {
    private let key = SM2.Signing.PrivateKey()

    private func read(_ bags: [UInt8]...) throws -> PKCS12 {
        try PKCS12(derRepresentation: HandmadeFile.make(bags), password: "p")
    }

    private func certificateBag(_ bytes: [UInt8], attributes: [UInt8] = []) throws -> [UInt8] {
        let kind = try identifier([1, 2, 840, 113549, 1, 9, 22, 1])
        return try HandmadeFile.bag(
            3, element(0x30, kind, element(0xa0, element(0x04, bytes))), attributes: attributes)
    }

    @Test("Keys under every function of PBKDF2 open", arguments: SM2.PasswordHash.allCases)
    func functions(hash: SM2.PasswordHash) throws {
        let shrouded = try key.encryptedDERRepresentation(password: "p".utf8, hash: hash, iterations: 20)
        let file = try read(HandmadeFile.bag(2, shrouded))
        #expect(file.privateKeys.map(\.derRepresentation) == [key.derRepresentation])
        #expect(file.privateKeys[0].friendlyName == nil && file.privateKeys[0].localKeyID == nil)
        #expect(file.certificates(for: file.privateKeys[0]).isEmpty)
    }

    @Test("A key under another password than the file's is a wrong password")
    func twoPasswords() throws {
        let shrouded = try key.encryptedDERRepresentation(
            password: "q".utf8, hash: .hmacSHA256, iterations: 1)
        #expect(throws: PKCS12Error.incorrectPassword) { try read(HandmadeFile.bag(2, shrouded)) }
    }

    @Test("Bags within bags are read; revocation lists and secrets are skipped")
    func bags() throws {
        let file = try read(
            HandmadeFile.bag(4, [5, 0]), HandmadeFile.bag(5, [5, 0]),
            HandmadeFile.bag(
                6,
                element(
                    0x30, certificateBag([1, 2, 3]),
                    HandmadeFile.bag(6, element(0x30, HandmadeFile.bag(1, key.derRepresentation))))))
        #expect(file.certificates.map(\.derRepresentation) == [[1, 2, 3]])
        #expect(file.privateKeys.map { $0.sm2SigningKey?.rawRepresentation } == [key.rawRepresentation])
    }

    @Test("Attributes may come in any order, and broken ones are passed over")
    func attributes() throws {
        let name = element(
            0x30, try identifier([1, 2, 840, 113549, 1, 9, 20]),
            element(0x31, element(0x1e, [0, 0x41, 0xd8, 0x3d, 0xdd, 0x11])))
        let keyID = element(
            0x30, try identifier([1, 2, 840, 113549, 1, 9, 21]), element(0x31, element(0x04, [9, 8])))
        let broken = element(0x30, try identifier([1, 2, 840, 113549, 1, 9, 21]), element(0x31, [5, 0]))
        let other = element(0x30, try identifier([1, 2, 3]), element(0x31))
        let file = try read(
            certificateBag([1], attributes: element(0x31, name, keyID, other)),
            certificateBag([2], attributes: element(0x31, keyID, name)),
            certificateBag([3], attributes: element(0x31, broken)))
        #expect(file.certificates.map(\.friendlyName) == ["A🔑", "A🔑", nil])
        #expect(file.certificates.map(\.localKeyID) == [[9, 8], [9, 8], nil])
    }

    @Test("An empty password may be no bytes, or the zero at the end alone", arguments: [[], [0, 0]])
    func emptyPassword(password: [UInt8]) throws {
        let filled = password.isEmpty ? [] : [UInt8](repeating: 0, count: 64)
        let part = try HandmadeFile.contents(element(0x04, element(0x30, certificateBag([1]))))
        let bytes = try HandmadeFile.make(parts: [part], password: filled)
        #expect(try PKCS12(derRepresentation: bytes, password: "").certificates.count == 1)
        #expect(throws: PKCS12Error.incorrectPassword) { try PKCS12(derRepresentation: bytes, password: "p") }
    }

    @Test("Damage under a valid code never traps")
    func damage() throws {
        let shrouded = try key.encryptedDERRepresentation(password: "p".utf8, hash: .hmacSM3, iterations: 1)
        let keyID = element(
            0x30, try identifier([1, 2, 840, 113549, 1, 9, 21]), element(0x31, element(0x04, [9, 8])))
        let bags =
            try HandmadeFile.bag(2, shrouded, attributes: element(0x31, keyID))
            + certificateBag([1, 2, 3])
        let part = try HandmadeFile.contents(element(0x04, element(0x30, bags)))
        var opened = 0
        for index in part.indices {
            for bit in [index % 8, (index + 3) % 8] {
                var changed = part
                changed[index] ^= 1 << bit
                let bytes = try HandmadeFile.make(parts: [changed])
                let file = try? PKCS12(derRepresentation: bytes, password: "p")
                opened += file?.certificates.count ?? 0
            }
        }
        // The bits of the certificate and of the local identifier.
        #expect(opened >= 10)
    }

    @Test("Contents that aren't read are refused by name")
    func refusals() throws {
        let encrypted: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 6]
        let enveloped: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 3]
        func shrouded(iterations: [UInt8], cipher: ASN1ObjectIdentifier) throws -> [UInt8] {
            let derivation = element(
                0x30, try identifier([1, 2, 840, 113549, 1, 5, 12]),
                element(0x30, element(0x04, [1]), element(0x02, iterations)))
            let encryption = element(
                0x30, try identifier(cipher), element(0x04, [UInt8](repeating: 0, count: 16)))
            let scheme = element(
                0x30, try identifier([1, 2, 840, 113549, 1, 5, 13]), element(0x30, derivation, encryption))
            return try HandmadeFile.bag(2, element(0x30, scheme, element(0x04, [1, 2, 3])))
        }
        let sm4: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 104, 2]
        let cases: [(PKCS12Error, [UInt8])] = [
            (.unsupportedAlgorithm, try HandmadeFile.make([HandmadeFile.bag(7, [5, 0])])),
            (
                .unsupportedAlgorithm,
                try HandmadeFile.make(parts: [HandmadeFile.contents([5, 0], kind: enveloped)])
            ),
            (.malformed, try HandmadeFile.make(parts: [HandmadeFile.contents([5, 0], kind: encrypted)])),
            (.malformed, try HandmadeFile.make(parts: [[5, 0]])),
            (.malformed, try HandmadeFile.make([HandmadeFile.bag(1, [5, 0])])),
            (.malformed, try HandmadeFile.make([HandmadeFile.bag(3, [5, 0])])),
            (.incorrectPassword, try HandmadeFile.make([shrouded(iterations: [1], cipher: sm4)])),
            (.excessiveIterations, try HandmadeFile.make([shrouded(iterations: [0], cipher: sm4)])),
            (
                .excessiveIterations,
                try HandmadeFile.make([shrouded(iterations: [0, 0x98, 0x96, 0x81], cipher: sm4)])
            ),
            (
                .legacyAlgorithm,
                try HandmadeFile.make([shrouded(iterations: [1], cipher: [1, 2, 840, 113549, 3, 7])])
            ),
        ]
        for (index, (error, bytes)) in cases.enumerated() {
            #expect(throws: error, "case \(index)") { try PKCS12(derRepresentation: bytes, password: "p") }
            #expect(throws: PKCS12Error.incorrectPassword, "case \(index)") {
                try PKCS12(derRepresentation: bytes, password: "q")
            }
        }
    }
}
