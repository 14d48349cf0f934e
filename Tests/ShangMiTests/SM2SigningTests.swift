import ShangMi
import Testing

@Suite("SM2: signatures")
struct SM2SigningTests {
    private let key = SM2.Signing.PrivateKey()

    @Test("OpenSSL takes our signatures", .enabled(if: OpenSSL.shared.isPresent))
    func weSign() throws {
        var random = RandomBytes(seed: 10)
        for count in 0..<70 {
            let key = SM2.Signing.PrivateKey()
            let message = random.bytes(count)
            let user = try SM2.UserID(random.bytes(count % 40))
            let signature = key.signature(
                for: message, userID: user, nonce: count.isMultiple(of: 2) ? .random : .deterministic)
            let theirs = try #require(OpenSSLKey(publicDER: key.publicKey.derRepresentation))
            #expect(theirs.isValidSignature(signature.derRepresentation, for: message, userID: user.bytes))
            #expect(
                !theirs.isValidSignature(signature.derRepresentation, for: message + [0], userID: user.bytes))
        }
    }

    @Test("We take OpenSSL's signatures, and no others", .enabled(if: OpenSSL.shared.isPresent))
    func openSSLSigns() throws {
        var random = RandomBytes(seed: 11)
        for count in 0..<70 {
            let key = SM2.Signing.PrivateKey()
            let message = random.bytes(count)
            let user = try SM2.UserID(random.bytes(count % 40))
            let theirs = try #require(OpenSSLKey(privateDER: key.derRepresentation))
            let der = try #require(theirs.signature(for: message, userID: user.bytes))
            let signature = try SM2.Signing.Signature(derRepresentation: der)
            #expect(signature.derRepresentation == der)
            // Three times: without the key's table, while it is made, and with it.
            for _ in 0..<3 {
                #expect(key.publicKey.isValidSignature(signature, for: message, userID: user))
                #expect(!key.publicKey.isValidSignature(signature, for: message + [0], userID: user))
            }
        }
    }

    @Test("A signature is valid for its message, its user and its key alone")
    func binding() throws {
        let message = Array("message".utf8)
        let other = try SM2.UserID("ALICE123@YAHOO.COM")
        let signature = key.signature(for: message, userID: other)
        #expect(key.publicKey.isValidSignature(signature, for: message, userID: other))
        #expect(!key.publicKey.isValidSignature(signature, for: message))
        #expect(!key.publicKey.isValidSignature(signature, for: Array("Message".utf8), userID: other))
        let stranger = SM2.Signing.PrivateKey().publicKey
        #expect(!stranger.isValidSignature(signature, for: message, userID: other))
    }

    @Test("A message is signed with Z in front: its bare SM3 isn't what is signed")
    func identity() throws {
        let message = Array("message".utf8)
        let signature = key.signature(for: message)
        let bare = SM3.hash(message.span)
        #expect(!key.publicKey.isValidSignature(signature, forDigest: bare))
        var hasher = key.publicKey.messageHasher()
        hasher.update(message.span)
        #expect(key.publicKey.isValidSignature(signature, forDigest: hasher.finalize()))
    }

    @Test("Spans, arrays and lazy sequences are signed alike")
    func inputs() {
        let message = Array("message".utf8)
        let first = key.signature(for: message.span, nonce: .deterministic)
        #expect(first == key.signature(for: message, nonce: .deterministic))
        #expect(first == key.signature(for: message.lazy.map { $0 }, nonce: .deterministic))
        let isValid = key.publicKey.isValidSignature(first, for: message.span)
        #expect(isValid)
        #expect(key.publicKey.isValidSignature(first, for: message.lazy.map { $0 }))
    }

    @Test("Random nonces never give the same signature, deterministic ones always")
    func nonces() {
        let message = Array("message".utf8)
        let random = Set((0..<20).map { _ in key.signature(for: message) })
        #expect(random.count == 20)
        let fixed = Set((0..<20).map { _ in key.signature(for: message, nonce: .deterministic) })
        #expect(fixed.count == 1)
        #expect(key.signature(for: [1], nonce: .deterministic) != fixed.first)
    }

    @Test("Only digests of 32 bytes are signed or valid", arguments: [0, 20, 31, 33, 64])
    func digestSize(count: Int) throws {
        let digest = [UInt8](repeating: 7, count: 64)
        #expect(throws: ShangMiError.incorrectDigestSize) {
            try key.signature(forDigest: digest.prefix(count))
        }
        let signature = try key.signature(forDigest: digest.prefix(32))
        #expect(key.publicKey.isValidSignature(signature, forDigest: digest.prefix(32)))
        #expect(!key.publicKey.isValidSignature(signature, forDigest: digest.prefix(count)))
    }

    @Test("A nonce that makes r or s zero, or r + k = n, is not used")
    func unusableNonces() throws {
        let k = UInt256(5, 0, 0, 0)
        let x = BaseTable.shared.multiply(Scalar(reducing: k)).affine.x.value
        let zero = Scalar(reducing: UInt256(0, 0, 0, 0))
        let negatedX = zero - Scalar(reducing: x)
        #expect(key.signature(forDigest: negatedX.value, nonce: k) == nil)
        let negatedSum = negatedX - Scalar(reducing: k)
        #expect(key.signature(forDigest: negatedSum.value, nonce: k) == nil)
        #expect(key.signature(forDigest: UInt256(1, 0, 0, 0), nonce: k) != nil)
    }

    @Test("A user identifier has at most 8191 bytes")
    func userID() throws {
        #expect(try SM2.UserID([UInt8](repeating: 1, count: 8191)).bytes.count == 8191)
        #expect(throws: ShangMiError.incorrectUserIDSize) {
            try SM2.UserID([UInt8](repeating: 1, count: 8192))
        }
        #expect(try SM2.UserID("1234567812345678") == .default)
    }
}
