import Crypto
import ShangMi
import Testing

@Suite("SM3")
struct SM3Tests {
    struct Case: Decodable, Sendable {
        let name: String
        let message: HexBytes
        let digest: HexBytes
    }

    @Test("The standard's examples come out")
    func standard() throws {
        let cases = try Vectors<Case>("sm3").cases
        #expect(cases.count == 2)
        for vector in cases {
            #expect(Array(SM3.hash(vector.message.bytes.span)) == vector.digest.bytes, "\(vector.name)")
        }
    }

    @Test("A digest is OpenSSL's at every length up to five blocks", .enabled(if: OpenSSL.shared.isPresent))
    func openSSL() {
        var random = RandomBytes(seed: 3)
        for count in 0...330 {
            let message = random.bytes(count)
            #expect(Array(SM3.hash(message.span)) == OpenSSL.shared.digest(message), "length \(count)")
        }
    }

    @Test("A message in pieces has the digest of the whole")
    func pieces() {
        var random = RandomBytes(seed: 4)
        for _ in 0..<300 {
            let message = random.bytes(Int.random(in: 0...400, using: &random))
            var hasher = SM3()
            for piece in random.pieces(of: message, upTo: 150) { hasher.update(piece.span) }
            #expect(hasher.finalize() == SM3.hash(message.span))
        }
    }

    @Test("Finalizing doesn't end a hasher, and copies go their own ways")
    func copies() {
        var hasher = SM3()
        hasher.update([1, 2, 3])
        let first = hasher.finalize()
        var copy = hasher
        copy.update([4])
        #expect(hasher.finalize() == first)
        #expect(copy.finalize() == SM3.hash([1, 2, 3, 4]))
    }

    @Test("HMAC is what RFC 2104 builds from the hash", arguments: [0, 1, 32, 63, 64, 65, 200])
    func hmac(keyByteCount: Int) {
        var random = RandomBytes(seed: 5)
        let key = random.bytes(keyByteCount), message = random.bytes(100)
        let short = keyByteCount > 64 ? Array(SM3.hash(key.span)) : key
        let padded = short + [UInt8](repeating: 0, count: 64 - short.count)
        let inner = SM3.hash((padded.map { $0 ^ 0x36 } + message).span)
        let outer = SM3.hash((padded.map { $0 ^ 0x5c } + Array(inner)).span)
        let code = HMAC<SM3>.authenticationCode(for: message, using: SymmetricKey(data: key))
        #expect(Array(code) == Array(outer))
    }

    @Test("HKDF takes the hash")
    func hkdf() {
        let secret = SymmetricKey(data: [UInt8](repeating: 7, count: 32))
        let key = HKDF<SM3>.deriveKey(inputKeyMaterial: secret, info: [1, 2, 3], outputByteCount: 80)
        let pseudorandom = HKDF<SM3>.extract(inputKeyMaterial: secret, salt: [UInt8]())
        let first = HMAC<SM3>.authenticationCode(for: [1, 2, 3, 1], using: SymmetricKey(data: pseudorandom))
        #expect(key.withUnsafeBytes { Array($0.prefix(32)) } == Array(first))
        #expect(key.bitCount == 640)
    }

    @Test("The key derivation is a hash of the secret and a counter", arguments: [0, 1, 31, 32, 33, 64, 100])
    func derivation(byteCount: Int) {
        let secret: [UInt8] = [1, 2, 3, 4, 5]
        var expected: [UInt8] = []
        for counter in 1...4 { expected += Array(SM3.hash((secret + [0, 0, 0, UInt8(counter)]).span)) }
        #expect(SM3.deriveKey(from: secret, outputByteCount: byteCount) == Array(expected.prefix(byteCount)))
    }
}
