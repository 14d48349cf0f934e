import ShangMi
import Testing

@Suite("SM2: encryption")
struct SM2EncryptionTests {
    private let key = SM2.Encryption.PrivateKey()

    @Test("OpenSSL opens what we encrypt", .enabled(if: OpenSSL.shared.isPresent))
    func weEncrypt() throws {
        var random = RandomBytes(seed: 20)
        let theirs = try #require(OpenSSLKey(privateDER: key.derRepresentation))
        for count in [1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 96, 97, 127, 128, 129, 1000] {
            let plaintext = random.bytes(count)
            let ciphertext = try key.publicKey.encrypt(plaintext, format: .asn1)
            #expect(theirs.decrypt(ciphertext) == plaintext, "\(count) bytes")
        }
    }

    /// OpenSSL 3.0 sends short messages whose key stream happens to be zero; from eight bytes on that is rare
    /// enough never to be seen.
    @Test("We open what OpenSSL encrypts", .enabled(if: OpenSSL.shared.isPresent))
    func openSSLEncrypts() throws {
        var random = RandomBytes(seed: 21)
        let theirs = try #require(OpenSSLKey(publicDER: key.publicKey.derRepresentation))
        for count in [8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 96, 97, 127, 128, 129, 1000] {
            let plaintext = random.bytes(count)
            let ciphertext = try #require(theirs.encrypt(plaintext))
            #expect(try key.decrypt(ciphertext, format: .asn1) == plaintext, "\(count) bytes")
        }
    }

    @Test("Every format comes back, compressed or not", arguments: SM2.Encryption.Format.allCases)
    func formats(format: SM2.Encryption.Format) throws {
        var random = RandomBytes(seed: 22)
        for count in [1, 2, 31, 32, 33, 64, 1000] {
            let plaintext = random.bytes(count)
            let ciphertext = try key.publicKey.encrypt(plaintext, format: format)
            #expect(try key.decrypt(ciphertext, format: format) == plaintext)
        }
    }

    @Test("A compressed point saves 32 bytes where the format has it, and is refused elsewhere")
    func compression() throws {
        for format in [SM2.Encryption.Format.c1c3c2, .c1c2c3] {
            let ciphertext = try key.publicKey.encrypt([1, 2, 3], format: format, compressed: true)
            #expect(ciphertext.count == 33 + 32 + 3)
            #expect(try key.decrypt(ciphertext, format: format) == [1, 2, 3])
        }
        for format in [SM2.Encryption.Format.asn1, .bareC1C3C2, .bareC1C2C3] {
            #expect(throws: ShangMiError.unsupportedAlgorithm) {
                try key.publicKey.encrypt([1], format: format, compressed: true)
            }
        }
    }

    @Test("A ciphertext read in another format is refused", arguments: SM2.Encryption.Format.allCases)
    func mixedFormats(format: SM2.Encryption.Format) throws {
        let ciphertext = try key.publicKey.encrypt([UInt8](repeating: 9, count: 40), format: format)
        for other in SM2.Encryption.Format.allCases where other != format {
            #expect(throws: ShangMiError.authenticationFailure) { try key.decrypt(ciphertext, format: other) }
        }
    }

    @Test("The 04 is neither guessed nor ignored")
    func prefix() throws {
        let bare = try key.publicKey.encrypt([1, 2, 3], format: .bareC1C3C2)
        #expect(try key.decrypt([4] + bare) == [1, 2, 3])
        #expect(throws: ShangMiError.authenticationFailure) { try key.decrypt(bare) }
        #expect(throws: ShangMiError.authenticationFailure) {
            try key.decrypt([4] + bare, format: .bareC1C3C2)
        }
        for first in UInt8(0)...9 where first != 4 {
            #expect(throws: ShangMiError.authenticationFailure) { try key.decrypt([first] + bare) }
        }
    }

    @Test("A ciphertext with any one bit changed is refused, always with the same error")
    func changes() throws {
        for format in [SM2.Encryption.Format.c1c3c2, .asn1] {
            let ciphertext = try key.publicKey.encrypt([1, 2, 3], format: format)
            for index in ciphertext.indices where index < 4 || index.isMultiple(of: 3) {
                var changed = ciphertext
                changed[index] ^= 1 << UInt8(index % 8)
                #expect(throws: ShangMiError.authenticationFailure, "\(format), byte \(index)") {
                    try key.decrypt(changed, format: format)
                }
            }
        }
    }

    @Test("A ciphertext cut short or too long is refused")
    func lengths() throws {
        for format in SM2.Encryption.Format.allCases {
            let ciphertext = try key.publicKey.encrypt([1, 2, 3], format: format)
            for count in 0..<ciphertext.count {
                #expect(throws: ShangMiError.authenticationFailure) {
                    try key.decrypt(ciphertext.prefix(count), format: format)
                }
            }
            #expect(throws: ShangMiError.authenticationFailure) {
                try key.decrypt(ciphertext + [0], format: format)
            }
        }
    }

    @Test("Nothing isn't encrypted")
    func emptyPlaintext() {
        #expect(throws: ShangMiError.incorrectMessageSize) { try key.publicKey.encrypt([]) }
    }

    /// With this key and this nonce the first byte of the key stream is zero.
    @Test("A key stream of zeros isn't used, and a ciphertext made with one is refused")
    func zeroKeyStream() throws {
        let scalar = bytes(hex: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
        let key = try SM2.Encryption.PrivateKey(rawRepresentation: scalar)
        let nonce = UInt256(470, 0, 0, 0)
        #expect(key.publicKey.encrypt([0x5a], nonce: nonce, format: .c1c3c2) == nil)
        #expect(key.publicKey.encrypt([0x5a, 0], nonce: nonce, format: .c1c3c2) != nil)

        let product = Scalar(reducing: nonce) * Scalar(reducing: UInt256(bigEndian: scalar.span))
        let shared = BaseTable.shared.multiply(product).affine
        let hash = SM3.hash((shared.x.value.bytes + [0x5a] + shared.y.value.bytes).span)
        let ephemeral = try SM2.Encryption.PrivateKey(rawRepresentation: nonce.bytes)
        let forged = ephemeral.publicKey.x963Representation + Array(hash) + [0x5a]
        #expect(throws: ShangMiError.authenticationFailure) { try key.decrypt(forged) }
    }

    @Test("Another key doesn't open a ciphertext")
    func otherKey() throws {
        let ciphertext = try key.publicKey.encrypt([1, 2, 3])
        #expect(throws: ShangMiError.authenticationFailure) {
            try SM2.Encryption.PrivateKey().decrypt(ciphertext)
        }
    }
}
