import ShangMi
import Testing

@Suite("SM4 in ECB and CBC")
struct SM4CBCTests {
    /// Every length up to several blocks, and those around the ends of batches.
    static let lengths =
        Array(0...130) + [
            255, 256, 257, 496, 511, 512, 513, 528, 560, 576, 1008, 1023, 1024, 1025, 1040, 1536, 3000,
        ]

    @Test(
        "Ciphertexts are OpenSSL's", .enabled(if: OpenSSL.shared.isPresent), arguments: ShangMi.Path.available
    )
    func openSSL(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 8)
        for count in Self.lengths {
            let (keyBytes, iv, message) = (random.bytes(16), random.bytes(16), random.bytes(count))
            let key = try SM4.Key(keyBytes.span, path: path)
            let chained = try SM4.CBC.encrypt(message, using: key, iv: SM4.IV(iv))
            #expect(
                chained == OpenSSL.shared.cipher("SM4-CBC", key: keyBytes, iv: iv, message), "\(count) bytes")
            #expect(try SM4.CBC.decrypt(chained, using: key, iv: SM4.IV(iv)) == message)
            let plain = try SM4.ECB.encrypt(message, using: key)
            #expect(plain == OpenSSL.shared.cipher("SM4-ECB", key: keyBytes, message), "\(count) bytes")
            #expect(try SM4.ECB.decrypt(plain, using: key) == message)
        }
    }

    @Test("Messages in pieces come out as in one", arguments: ShangMi.Path.available)
    func streams(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 9)
        let key = try SM4.Key(random.bytes(16).span, path: path)
        for padding in [SM4.Padding.pkcs7, .none] {
            for _ in 0..<60 {
                let blocks = 16 * Int.random(in: 0...80, using: &random)
                let message = random.bytes(
                    padding == .none ? blocks : Int.random(in: 0...1300, using: &random))
                let iv = SM4.IV()
                let whole = try SM4.CBC.encrypt(message, using: key, iv: iv, padding: padding)
                var encryptor = SM4.CBC.Encryptor(using: key, iv: iv, padding: padding)
                var ciphertext: [UInt8] = []
                for piece in random.pieces(of: message, upTo: 300) {
                    ciphertext += encryptor.update(piece.span)
                }
                ciphertext += try encryptor.finalize()
                #expect(ciphertext == whole)
                var decryptor = SM4.CBC.Decryptor(using: key, iv: iv, padding: padding)
                var plaintext: [UInt8] = []
                for piece in random.pieces(of: whole, upTo: 300) { plaintext += decryptor.update(piece.span) }
                plaintext += try decryptor.finalize()
                #expect(plaintext == message)
            }
        }
    }

    @Test("Only right paddings are taken, and all others get one answer")
    func paddings() throws {
        let key = SM4.Key(), iv = SM4.IV()
        for last in UInt8.min...UInt8.max {
            for wrongAt in 0..<17 {
                // A padding of `last` bytes with one of them changed; 16 changes none.
                var block = [UInt8](repeating: 0x77, count: 16)
                for index in max(0, 16 - Int(last))..<16 { block[index] = last }
                block[15] = last
                if wrongAt < 15 { block[wrongAt] ^= 0x80 }
                let isRight = (1...16).contains(last) && (wrongAt >= 15 || wrongAt < 16 - Int(last))
                let ciphertext = try SM4.CBC.encrypt(block, using: key, iv: iv, padding: .none)
                if isRight {
                    let plaintext = try SM4.CBC.decrypt(ciphertext, using: key, iv: iv)
                    #expect(plaintext == Array(block.dropLast(Int(last))))
                } else {
                    #expect(throws: ShangMiError.invalidPadding) {
                        try SM4.CBC.decrypt(ciphertext, using: key, iv: iv)
                    }
                }
            }
        }
    }

    @Test("Ciphertexts that aren't whole blocks are refused", arguments: [0, 1, 15, 17, 31, 33, 511])
    func truncated(byteCount: Int) {
        let key = SM4.Key(), bytes = [UInt8](repeating: 3, count: byteCount)
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.CBC.decrypt(bytes, using: key, iv: SM4.IV())
        }
        #expect(throws: ShangMiError.incorrectMessageSize) { try SM4.ECB.decrypt(bytes, using: key) }
        guard byteCount > 0 else { return }
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.CBC.decrypt(bytes, using: key, iv: SM4.IV(), padding: .none)
        }
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.CBC.encrypt(bytes, using: key, iv: SM4.IV(), padding: .none)
        }
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.ECB.encrypt(bytes, using: key, padding: .none)
        }
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.ECB.decrypt(bytes, using: key, padding: .none)
        }
    }

    @Test("ECB and CBC of one message differ, but for zeros as the vector of one block")
    func modesAreNotMixedUp() throws {
        let key = SM4.Key(), message = [UInt8](repeating: 9, count: 48)
        let plain = try SM4.ECB.encrypt(message, using: key, padding: .none)
        let zeros = try SM4.IV([UInt8](repeating: 0, count: 16))
        let chained = try SM4.CBC.encrypt(message, using: key, iv: zeros, padding: .none)
        #expect(plain[..<16] == plain[16..<32])
        #expect(plain[..<16] == chained[..<16])
        #expect(plain[16...] != chained[16...])
    }
}
