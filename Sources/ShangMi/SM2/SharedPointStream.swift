/// What sender and receiver derive from the point they share: a key stream and a hash.
struct SharedPointStream {
    private let x: UInt256
    private let y: UInt256

    init(_ point: AffinePoint) {
        x = point.x.value
        y = point.y.value
    }

    /// The bytes XOR KDF(x ‖ y); nil where the whole key stream is zero (GB/T 32918.4, 6.1, step A5).
    func masking(_ bytes: [UInt8]) -> [UInt8]? {
        var secret = x.bytes
        y.append(to: &secret)
        var stream = SM3.deriveKey(from: secret.span, outputByteCount: bytes.count)
        secret.wipe()
        var seen: UInt8 = 0
        for index in stream.indices {
            seen |= stream[index]
            stream[index] ^= bytes[index]
        }
        return seen == 0 ? nil : stream
    }

    /// SM3(x ‖ M ‖ y).
    func hash(of plaintext: [UInt8]) -> SM3Digest {
        var hasher = SM3()
        hasher.update(x)
        hasher.update(plaintext.span)
        hasher.update(y)
        return hasher.finalize()
    }
}
