import ShangMi
import Testing

@Suite("SM2: keys under a password")
struct SM2EncryptedKeyTests {
    private let key = SM2.Encryption.PrivateKey()

    @Test("A key comes back with its password", arguments: SM2.PasswordHash.allCases)
    func roundTrip(hash: SM2.PasswordHash) throws {
        let pem = try key.encryptedPEMRepresentation(password: "open sesame".utf8, hash: hash, iterations: 10)
        #expect(pem.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        let back = try SM2.Encryption.PrivateKey(pemRepresentation: pem, password: "open sesame".utf8)
        #expect(back.rawRepresentation == key.rawRepresentation)
        #expect(throws: ShangMiError.incorrectPassword) {
            try SM2.Encryption.PrivateKey(pemRepresentation: pem, password: "open".utf8)
        }
        #expect(throws: ShangMiError.invalidKeyEncoding) {
            try SM2.Encryption.PrivateKey(pemRepresentation: pem)
        }
    }

    @Test(
        "OpenSSL opens our keys", .enabled(if: OpenSSL.shared.isPresent),
        arguments: [SM2.PasswordHash.hmacSHA256, .hmacSHA1])
    func weEncrypt(hash: SM2.PasswordHash) throws {
        let der = try key.encryptedDERRepresentation(password: "p@ss".utf8, hash: hash, iterations: 1000)
        let theirs = try #require(OpenSSLKey.opened(encrypted: der, password: "p@ss"))
        #expect(theirs.publicInfo == key.publicKey.derRepresentation)
        #expect(OpenSSLKey.opened(encrypted: der, password: "pass") == nil)
    }

    @Test(
        "We open OpenSSL's keys with SM4, and refuse its AES by name", .enabled(if: OpenSSL.shared.isPresent))
    func openSSLEncrypts() throws {
        let theirs = try #require(OpenSSLKey(privateDER: key.derRepresentation))
        let der = theirs.encrypted(cipher: "sm4-cbc", password: "p@ss")
        let back = try SM2.Encryption.PrivateKey(encryptedDERRepresentation: der, password: "p@ss".utf8)
        #expect(back.rawRepresentation == key.rawRepresentation)
        let aes = theirs.encrypted(cipher: "aes-256-cbc", password: "p@ss")
        #expect(throws: ShangMiError.unsupportedAlgorithm) {
            try SM2.Encryption.PrivateKey(encryptedDERRepresentation: aes, password: "p@ss".utf8)
        }
    }

    @Test("Damage is an error of the container or of the password, never a wrong key")
    func damage() throws {
        let der = try key.encryptedDERRepresentation(password: "p".utf8, hash: .hmacSM3, iterations: 1)
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x01
            let back = try? SM2.Encryption.PrivateKey(encryptedDERRepresentation: changed, password: "p".utf8)
            #expect(back == nil, "byte \(index)")
        }
        #expect(throws: ShangMiError.invalidKeyEncoding) {
            try SM2.Encryption.PrivateKey(encryptedDERRepresentation: der + [0], password: "p".utf8)
        }
    }

    /// From Python's hashlib.pbkdf2_hmac.
    @Test("PBKDF2 gives another implementation's keys")
    func derivation() {
        let salt = Array("saltsalt".utf8)
        let expected: [(SM2.PasswordHash, String, String)] = [
            (
                .hmacSM3, "password",
                "39b3e1d0e3ee6c83f459dbfa331af95e70b7a08c12e88d7f2183ea5fa52e0d7a3298f10098f894e7"
            ),
            (
                .hmacSHA256, "password",
                "135f7a66144fcf0fb003ce048f31f024ed5cbff30525d3ba0bfb3199479362a6d4cd1327ec07a5bc"
            ),
            (
                .hmacSHA1, String(repeating: "p", count: 100),
                "f89c58f489330244955fb123449e4b9e94b0b6f90c9a71c9fb073449db720ad16fcf917c39f48d37"
            ),
        ]
        for (hash, password, derived) in expected {
            let key = PasswordDerivation.derive(
                hash, password: Array(password.utf8), salt: salt, iterations: 1000, byteCount: 40)
            #expect(hex(key) == derived)
        }
    }
}
