import ShangMi

/// GCM and CCM written down as their standards do, a bit and a block at a time: slow, and with nothing in
/// common with the library but the block cipher.
struct Textbook {
    let key: SM4.Key

    func encrypt(_ block: [UInt8]) -> [UInt8] {
        let out = key.encrypt(block: SIMD16(block))
        return out.indices.map { out[$0] }
    }

    /// NIST SP 800-38D, 6.3: bit 0 is a block's uppermost.
    static func product(_ x: [UInt8], _ y: [UInt8]) -> [UInt8] {
        var z = [UInt8](repeating: 0, count: 16), v = y
        for bit in 0..<128 {
            if x[bit / 8] >> (7 - bit % 8) & 1 == 1 { z = xor(z, v) }
            let carry = v[15] & 1
            for index in (0..<16).reversed() {
                v[index] = v[index] >> 1 | (index > 0 ? v[index - 1] << 7 : 0)
            }
            if carry == 1 { v[0] ^= 0xe1 }
        }
        return z
    }

    static func xor(_ x: [UInt8], _ y: [UInt8]) -> [UInt8] { zip(x, y).map { $0 ^ $1 } }

    static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
    }

    static func number(_ value: Int, byteCount: Int) -> [UInt8] {
        (0..<byteCount).reversed().map { $0 > 7 ? 0 : UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        let h = encrypt([UInt8](repeating: 0, count: 16))
        var sum = [UInt8](repeating: 0, count: 16)
        for start in stride(from: 0, to: bytes.count, by: 16) {
            sum = Self.product(Self.xor(sum, Array(bytes[start..<start + 16])), h)
        }
        return sum
    }

    /// The key stream from a block on, counting in its last 32 bits.
    func stream(from first: [UInt8], over text: [UInt8]) -> [UInt8] {
        var block = first, output: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 16) {
            let piece = Array(text[start..<min(start + 16, text.count)])
            output += Self.xor(piece, encrypt(block))
            block = Self.next(block)
        }
        return output
    }

    static func next(_ block: [UInt8]) -> [UInt8] {
        let counter = block.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } &+ 1
        return block.prefix(12) + number(Int(counter), byteCount: 4)
    }

    func gcm(_ text: [UInt8], nonce: [UInt8], additional: [UInt8]) -> (ciphertext: [UInt8], tag: [UInt8]) {
        let first =
            nonce.count == 12
            ? nonce + [0, 0, 0, 1] : hash(Self.padded(nonce) + Self.number(8 * nonce.count, byteCount: 16))
        let ciphertext = stream(from: Self.next(first), over: text)
        let lengths =
            Self.number(8 * additional.count, byteCount: 8) + Self.number(8 * text.count, byteCount: 8)
        let sum = hash(Self.padded(additional) + Self.padded(ciphertext) + lengths)
        return (ciphertext, Self.xor(sum, encrypt(first)))
    }

    /// RFC 3610, 2.2 and 2.3; additional data below 4 GB.
    func ccm(
        _ text: [UInt8], nonce: [UInt8], additional: [UInt8], tagByteCount: Int
    ) -> (ciphertext: [UInt8], tag: [UInt8]) {
        let length = 15 - nonce.count
        let flags = (additional.isEmpty ? 0 : 64) + 8 * ((tagByteCount - 2) / 2) + length - 1
        var blocks = [UInt8(flags)] + nonce + Self.number(text.count, byteCount: length)
        if !additional.isEmpty {
            let isShort = additional.count < 65280
            let length = Self.number(additional.count, byteCount: isShort ? 2 : 4)
            blocks += Self.padded((isShort ? [] : [0xff, 0xfe]) + length + additional)
        }
        blocks += Self.padded(text)
        var sum = [UInt8](repeating: 0, count: 16)
        for start in stride(from: 0, to: blocks.count, by: 16) {
            sum = encrypt(Self.xor(sum, Array(blocks[start..<start + 16])))
        }
        let zeroth = [UInt8(length - 1)] + nonce + [UInt8](repeating: 0, count: length)
        let ciphertext = stream(from: Self.next(zeroth), over: text)
        return (ciphertext, Array(Self.xor(sum, encrypt(zeroth)).prefix(tagByteCount)))
    }
}
