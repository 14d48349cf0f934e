import ShangMi
import Testing

@Suite("SM4")
struct SM4Tests {
    struct Case: Decodable, Sendable {
        let name: String
        let key: HexBytes
        let rounds: Int
        let plaintext: HexBytes
        let ciphertext: HexBytes
    }

    struct ModeCase: Decodable, Sendable {
        let mode: String
        let key: HexBytes
        let iv: HexBytes?
        let plaintext: HexBytes
        let ciphertext: HexBytes
    }

    @Test("The standard's examples come out, a million encryptions too", arguments: ShangMi.Path.available)
    func standard(path: ShangMi.Path) throws {
        let cases = try Vectors<Case>("sm4").cases
        #expect(cases.map(\.rounds) == [1, 1_000_000])
        for vector in cases {
            let key = try SM4.Key(vector.key.bytes.span, path: path)
            var block = SIMD16(vector.plaintext.bytes)
            for _ in 0..<vector.rounds { block = key.encrypt(block: block) }
            #expect(block == SIMD16(vector.ciphertext.bytes), "\(vector.name)")
            #expect(key.decrypt(block: key.encrypt(block: block)) == block)
        }
    }

    @Test("The draft's examples of modes come out", arguments: ShangMi.Path.available)
    func modes(path: ShangMi.Path) throws {
        let cases = try Vectors<ModeCase>("sm4-modes").cases
        #expect(cases.count == 6)
        for vector in cases {
            let key = try SM4.Key(vector.key.bytes.span, path: path)
            let (plaintext, ciphertext) = (vector.plaintext.bytes, vector.ciphertext.bytes)
            switch vector.mode {
            case "ECB":
                #expect(try SM4.ECB.encrypt(plaintext, using: key, padding: .none) == ciphertext)
                #expect(try SM4.ECB.decrypt(ciphertext, using: key, padding: .none) == plaintext)
            case "CBC":
                let iv = try SM4.IV(#require(vector.iv).bytes)
                #expect(try SM4.CBC.encrypt(plaintext, using: key, iv: iv, padding: .none) == ciphertext)
                #expect(try SM4.CBC.decrypt(ciphertext, using: key, iv: iv, padding: .none) == plaintext)
            default:
                let iv = try SM4.IV(#require(vector.iv).bytes)
                #expect(SM4.CTR.apply(plaintext, using: key, iv: iv) == ciphertext)
                #expect(SM4.CTR.apply(ciphertext, using: key, iv: iv) == plaintext)
            }
        }
    }

    @Test("A key has sixteen bytes and nothing else", arguments: [0, 1, 15, 17, 24, 32])
    func keySizes(byteCount: Int) {
        #expect(throws: ShangMiError.incorrectKeySize) {
            try SM4.Key([UInt8](repeating: 1, count: byteCount))
        }
    }

    @Test("An initialization vector has sixteen bytes and nothing else", arguments: [0, 12, 15, 17])
    func vectorSizes(byteCount: Int) {
        #expect(throws: ShangMiError.incorrectNonceSize) {
            try SM4.IV([UInt8](repeating: 1, count: byteCount))
        }
    }

    @Test("A key shows nothing of itself, however it is printed")
    func redaction() throws {
        let key = try SM4.Key([UInt8](repeating: 0xa5, count: 16))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(describing: [key]), dumped] {
            #expect(text.contains("redacted"))
            #expect(!text.contains("165") && !text.contains("a5a5"))
        }
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test("Two random keys differ")
    func randomKeys() {
        let block = SIMD16<UInt8>()
        #expect(SM4.Key().encrypt(block: block) != SM4.Key().encrypt(block: block))
    }
}
