import ShangMi
import Testing

@Suite("SM4-CCM")
struct SM4CCMTests {
    @Test("RFC 8998's example comes out", arguments: ShangMi.Path.available)
    func example(path: ShangMi.Path) throws {
        let vector = try #require(AuthenticatedCase.all("CCM").first)
        let key = try SM4.Key(vector.key.bytes.span, path: path)
        let box = try SM4.CCM.seal(
            vector.plaintext.bytes, using: key, nonce: SM4.CCM.Nonce(vector.nonce.bytes),
            authenticating: vector.additional.bytes)
        #expect(box.ciphertext == vector.ciphertext.bytes)
        #expect(box.tag == vector.tag.bytes)
        #expect(
            try SM4.CCM.open(box, using: key, authenticating: vector.additional.bytes)
                == vector.plaintext.bytes)
    }

    @Test("Boxes are the textbook's, with every nonce and tag", arguments: ShangMi.Path.available)
    func textbook(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 15)
        let key = try SM4.Key(random.bytes(16).span, path: path)
        for nonceCount in 7...13 {
            for tagByteCount in stride(from: 4, through: 16, by: 2) {
                let message = random.bytes(Int.random(in: 0...1200, using: &random))
                let additional = random.bytes([0, 1, 13, 14, 15, 30, 300].randomElement(using: &random) ?? 0)
                let nonce = random.bytes(nonceCount)
                let box = try SM4.CCM.seal(
                    message, using: key, nonce: SM4.CCM.Nonce(nonce), authenticating: additional,
                    tagByteCount: tagByteCount)
                let expected = Textbook(key: key).ccm(
                    message, nonce: nonce, additional: additional, tagByteCount: tagByteCount)
                #expect(box.ciphertext == expected.ciphertext)
                #expect(box.tag == expected.tag)
                #expect(try SM4.CCM.open(box, using: key, authenticating: additional) == message)
            }
        }
    }

    @Test("Much additional data states its length in six bytes", arguments: [65279, 65280, 65281])
    func longData(byteCount: Int) throws {
        let key = SM4.Key(), nonce = [UInt8](repeating: 3, count: 12)
        let additional = [UInt8](repeating: 0x61, count: byteCount)
        let box = try SM4.CCM.seal(
            [1, 2, 3], using: key, nonce: SM4.CCM.Nonce(nonce), authenticating: additional)
        let expected = Textbook(key: key).ccm(
            [1, 2, 3], nonce: nonce, additional: additional, tagByteCount: 16)
        #expect(box.tag == expected.tag)
    }

    @Test("Any flipped bit is refused")
    func tampering() throws {
        let key = SM4.Key(), additional: [UInt8] = [1, 2, 3]
        let box = try SM4.CCM.seal(
            [UInt8](repeating: 7, count: 40), using: key, authenticating: additional, tagByteCount: 8)
        for index in box.ciphertext.indices {
            var changed = box.ciphertext
            changed[index] ^= 0x10
            let wrong = try SM4.CCM.SealedBox(nonce: box.nonce, ciphertext: changed, tag: box.tag)
            #expect(throws: ShangMiError.authenticationFailure) {
                try SM4.CCM.open(wrong, using: key, authenticating: additional)
            }
        }
        for index in box.tag.indices {
            var changed = box.tag
            changed[index] ^= 0x80
            let wrong = try SM4.CCM.SealedBox(nonce: box.nonce, ciphertext: box.ciphertext, tag: changed)
            #expect(throws: ShangMiError.authenticationFailure) {
                try SM4.CCM.open(wrong, using: key, authenticating: additional)
            }
        }
        // A tag cut short belongs to other flags, so it isn't the beginning of the longer one.
        let short = try SM4.CCM.SealedBox(
            nonce: box.nonce, ciphertext: box.ciphertext, tag: Array(box.tag[..<4]))
        #expect(throws: ShangMiError.authenticationFailure) {
            try SM4.CCM.open(short, using: key, authenticating: additional)
        }
        #expect(throws: ShangMiError.authenticationFailure) { try SM4.CCM.open(box, using: key) }
    }

    @Test("Sizes that CCM doesn't have are refused")
    func sizes() throws {
        for count in [0, 6, 14, 16] {
            #expect(throws: ShangMiError.incorrectNonceSize) {
                try SM4.CCM.Nonce([UInt8](repeating: 0, count: count))
            }
        }
        for count in [0, 2, 3, 5, 15, 17, 18] {
            #expect(throws: ShangMiError.incorrectTagSize) {
                try SM4.CCM.seal([1], using: SM4.Key(), tagByteCount: count)
            }
            #expect(throws: ShangMiError.incorrectTagSize) {
                try SM4.CCM.SealedBox(
                    nonce: SM4.CCM.Nonce(), ciphertext: [], tag: [UInt8](repeating: 0, count: count))
            }
        }
        // 13 bytes of nonce leave two for the length.
        let nonce = try SM4.CCM.Nonce([UInt8](repeating: 1, count: 13))
        let key = SM4.Key()
        #expect(
            try SM4.CCM.seal([UInt8](repeating: 0, count: 65535), using: key, nonce: nonce).tag.count == 16)
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.CCM.seal([UInt8](repeating: 0, count: 65536), using: key, nonce: nonce)
        }
    }
}
