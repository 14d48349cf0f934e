import ShangMi
import Testing

@Suite("SM4 in CTR")
struct SM4CTRTests {
    /// First counter blocks whose carries go far, or soon.
    static let blocks = [
        "00000000000000000000000000000000", "000102030405060708090a0b0c0d0e0f",
        "000000000000000000000000ffffffff", "000000000000000000000000fffffffe",
        "ffffffffffffffffffffffffffffffff", "00ffffffffffffffffffffffffffffc0",
        "0000000000000000fffffffffffffff0",
    ]

    @Test(
        "Key streams are OpenSSL's, over carries too", .enabled(if: OpenSSL.shared.isPresent),
        arguments: ShangMi.Path.available, blocks)
    func openSSL(path: ShangMi.Path, block: String) throws {
        var random = RandomBytes(seed: 10)
        let keyBytes = random.bytes(16), iv = bytes(hex: block)
        let key = try SM4.Key(keyBytes.span, path: path)
        for count in SM4CBCTests.lengths {
            let message = random.bytes(count)
            let ciphertext = try SM4.CTR.apply(message, using: key, iv: SM4.IV(iv))
            #expect(
                ciphertext == OpenSSL.shared.cipher("SM4-CTR", key: keyBytes, iv: iv, message),
                "\(count) bytes")
        }
    }

    @Test("Messages in pieces come out as in one", arguments: ShangMi.Path.available)
    func streams(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 11)
        let key = try SM4.Key(random.bytes(16).span, path: path)
        for block in Self.blocks {
            let iv = try SM4.IV(bytes(hex: block))
            let message = random.bytes(Int.random(in: 0...2000, using: &random))
            var stream = SM4.CTR.Stream(using: key, iv: iv)
            var ciphertext: [UInt8] = []
            for piece in random.pieces(of: message, upTo: 200) { ciphertext += stream.update(piece.span) }
            #expect(ciphertext == SM4.CTR.apply(message, using: key, iv: iv))
            #expect(SM4.CTR.apply(ciphertext, using: key, iv: iv) == message)
        }
    }
}
