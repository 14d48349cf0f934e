import ShangMi
import Testing

/// An example of RFC 8998, appendix A.
struct AuthenticatedCase: Decodable, Sendable {
    let mode: String
    let key: HexBytes
    let nonce: HexBytes
    let additional: HexBytes
    let plaintext: HexBytes
    let ciphertext: HexBytes
    let tag: HexBytes

    static func all(_ mode: String) throws -> [AuthenticatedCase] {
        try Vectors<AuthenticatedCase>("rfc8998").cases.filter { $0.mode == mode }
    }
}

@Suite("SM4-GCM")
struct SM4GCMTests {
    @Test("RFC 8998's example comes out", arguments: ShangMi.Path.available)
    func example(path: ShangMi.Path) throws {
        let vector = try #require(AuthenticatedCase.all("GCM").first)
        let key = try SM4.Key(vector.key.bytes.span, path: path)
        let box = try SM4.GCM.seal(
            vector.plaintext.bytes, using: key, nonce: SM4.GCM.Nonce(vector.nonce.bytes),
            authenticating: vector.additional.bytes)
        #expect(box.ciphertext == vector.ciphertext.bytes)
        #expect(box.tag == vector.tag.bytes)
        #expect(
            try SM4.GCM.open(box, using: key, authenticating: vector.additional.bytes)
                == vector.plaintext.bytes)
    }

    @Test("Boxes are the textbook's, of any length", arguments: ShangMi.Path.available)
    func textbook(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 12)
        let key = try SM4.Key(random.bytes(16).span, path: path)
        let lengths = [
            0, 1, 15, 16, 17, 31, 32, 33, 112, 127, 128, 129, 143, 255, 256, 257, 511, 512, 513, 1025,
        ]
        for count in lengths {
            for nonceCount in [12, 13, 16, 40] {
                let (message, nonce) = (random.bytes(count), random.bytes(nonceCount))
                let additional = random.bytes(Int.random(in: 0...70, using: &random))
                let box = try SM4.GCM.seal(
                    message, using: key, nonce: SM4.GCM.Nonce(nonce), authenticating: additional)
                let expected = Textbook(key: key).gcm(message, nonce: nonce, additional: additional)
                #expect(box.ciphertext == expected.ciphertext, "\(count) bytes")
                #expect(box.tag == expected.tag, "\(count) bytes, nonce of \(nonceCount)")
                #expect(try SM4.GCM.open(box, using: key, authenticating: additional) == message)
            }
        }
    }

    @Test("All paths agree on long messages")
    func agreement() throws {
        var random = RandomBytes(seed: 13)
        let (keyBytes, additional) = (random.bytes(16), random.bytes(1000))
        let nonce = try SM4.GCM.Nonce(random.bytes(12))
        for count in [8191, 8192, 8193, 20000] {
            let message = random.bytes(count)
            let boxes = try ShangMi.Path.available.map { path in
                let key = try SM4.Key(keyBytes.span, path: path)
                return try SM4.GCM.seal(message, using: key, nonce: nonce, authenticating: additional)
            }
            #expect(Set(boxes).count == 1, "\(count) bytes")
        }
    }

    @Test("A counter that wraps does so in its last 32 bits alone", arguments: ShangMi.Path.available)
    func wrap(path: ShangMi.Path) throws {
        // A long nonce hashes to any first block; some reach the end of 32 bits within the message.
        let key = try SM4.Key(bytes(hex: "0123456789abcdeffedcba9876543210").span, path: path)
        let book = Textbook(key: key)
        let nonce = try #require(SM4GCMTests.nonceNearTheEnd(book))
        let message = [UInt8](repeating: 5, count: 16 * 1200)
        let box = try SM4.GCM.seal(message, using: key, nonce: SM4.GCM.Nonce(nonce))
        #expect(box.ciphertext == book.gcm(message, nonce: nonce, additional: []).ciphertext)
    }

    /// GHASH is linear, so the nonce whose hash is wanted can be solved for: here by division by H twice.
    private static func nonceNearTheEnd(_ book: Textbook) -> [UInt8]? {
        let h = book.encrypt([UInt8](repeating: 0, count: 16))
        // 1/H is H to the power 2^128 - 2.
        var inverse = [0x80] + [UInt8](repeating: 0, count: 15), square = h
        for _ in 1..<128 {
            square = Textbook.product(square, square)
            inverse = Textbook.product(inverse, square)
        }
        let wanted = bytes(hex: "00112233445566778899aabbfffffe00")
        let lengths = Textbook.number(128, byteCount: 16)
        let nonce = Textbook.product(Textbook.xor(Textbook.product(wanted, inverse), lengths), inverse)
        return book.hash(nonce + lengths) == wanted ? nonce : nil
    }

    @Test("Any flipped bit is refused", arguments: ShangMi.Path.available)
    func tampering(path: ShangMi.Path) throws {
        let key = try SM4.Key([UInt8](repeating: 2, count: 16).span, path: path)
        let additional: [UInt8] = [1, 2, 3]
        let box = try SM4.GCM.seal([UInt8](repeating: 7, count: 40), using: key, authenticating: additional)
        let combined = try #require(box.combined)
        for index in combined.indices {
            var changed = combined
            changed[index] ^= 1 << UInt8(index % 8)
            let wrong = try SM4.GCM.SealedBox(combined: changed)
            #expect(throws: ShangMiError.authenticationFailure) {
                try SM4.GCM.open(wrong, using: key, authenticating: additional)
            }
        }
        #expect(throws: ShangMiError.authenticationFailure) { try SM4.GCM.open(box, using: key) }
        #expect(throws: ShangMiError.authenticationFailure) {
            try SM4.GCM.open(box, using: SM4.Key(), authenticating: additional)
        }
    }

    @Test("Truncated boxes, short nonces and other tags are refused")
    func sizes() throws {
        #expect(throws: ShangMiError.incorrectMessageSize) {
            try SM4.GCM.SealedBox(combined: [UInt8](repeating: 0, count: 27))
        }
        #expect(throws: ShangMiError.incorrectNonceSize) {
            try SM4.GCM.Nonce([UInt8](repeating: 0, count: 11))
        }
        for count in [0, 12, 15, 17] {
            let tag = [UInt8](repeating: 0, count: count)
            #expect(throws: ShangMiError.incorrectTagSize) {
                try SM4.GCM.SealedBox(nonce: SM4.GCM.Nonce(), ciphertext: [], tag: tag)
            }
            #expect(throws: ShangMiError.incorrectTagSize) {
                try SM4.GCM.Opener(using: SM4.Key(), nonce: SM4.GCM.Nonce()).finalize(tag: tag)
            }
        }
    }

    @Test("A combined box comes apart into what it was")
    func combination() throws {
        let box = try SM4.GCM.seal([1, 2, 3], using: SM4.Key())
        #expect(try SM4.GCM.SealedBox(combined: #require(box.combined)) == box)
        let long = try SM4.GCM.Nonce([UInt8](repeating: 0, count: 13))
        #expect(try SM4.GCM.seal([1, 2, 3], using: SM4.Key(), nonce: long).combined == nil)
    }

    @Test("Messages in pieces are sealed and opened as in one", arguments: ShangMi.Path.available)
    func streams(path: ShangMi.Path) throws {
        var random = RandomBytes(seed: 14)
        let key = try SM4.Key(random.bytes(16).span, path: path)
        for _ in 0..<40 {
            let (message, additional) = (
                random.bytes(Int.random(in: 0...1500, using: &random)), random.bytes(20)
            )
            let nonce = SM4.GCM.Nonce()
            let box = try SM4.GCM.seal(message, using: key, nonce: nonce, authenticating: additional)
            var sealer = SM4.GCM.Sealer(using: key, nonce: nonce, authenticating: additional)
            var ciphertext: [UInt8] = []
            for piece in random.pieces(of: message, upTo: 200) { ciphertext += try sealer.update(piece.span) }
            #expect(ciphertext == box.ciphertext)
            #expect(sealer.finalize() == box.tag)
            var opener = SM4.GCM.Opener(using: key, nonce: nonce, authenticating: additional)
            var plaintext: [UInt8] = []
            for piece in random.pieces(of: ciphertext, upTo: 200) {
                plaintext += try opener.update(piece.span)
            }
            #expect(plaintext == message)
            let copy = opener
            try opener.finalize(tag: box.tag)
            var wrong = box.tag
            wrong[15] ^= 1
            #expect(throws: ShangMiError.authenticationFailure) { try copy.finalize(tag: wrong) }
        }
    }
}
