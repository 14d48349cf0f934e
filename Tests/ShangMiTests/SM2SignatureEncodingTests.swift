import ShangMi
import Testing

@Suite("SM2: signatures in DER and raw")
struct SM2SignatureEncodingTests {
    private func number(_ bytes: [UInt8]) -> UInt256 {
        UInt256(bigEndian: ([UInt8](repeating: 0, count: 32 - bytes.count) + bytes).span)
    }

    @Test("Short numbers are padded raw, and have no zero too many in DER", arguments: 1...32)
    func padding(count: Int) throws {
        for first in [UInt8(0x01), 0x7f, 0x80, 0xff] {
            let digits = [first] + [UInt8](repeating: 0x55, count: count - 1)
            let signature = SM2.Signing.Signature(r: number(digits), s: number([1]))
            let raw = signature.rawRepresentation
            #expect(
                raw == [UInt8](repeating: 0, count: 32 - count) + digits + [UInt8](repeating: 0, count: 31)
                    + [1])
            #expect(try SM2.Signing.Signature(rawRepresentation: raw) == signature)
            let integer = first < 0x80 ? digits : [0] + digits
            let der =
                [0x30, UInt8(integer.count + 5), 0x02, UInt8(integer.count)] + integer + [0x02, 0x01, 0x01]
            #expect(signature.derRepresentation == der)
            #expect(try SM2.Signing.Signature(derRepresentation: der) == signature)
        }
    }

    @Test("Zero is one byte in DER")
    func zero() throws {
        let signature = SM2.Signing.Signature(r: number([]), s: number([]))
        #expect(hex(signature.derRepresentation) == "3006020100020100")
        #expect(try SM2.Signing.Signature(derRepresentation: signature.derRepresentation) == signature)
    }

    @Test("What DER is taken is written again byte by byte, whatever bytes come in")
    func fuzz() throws {
        var random = RandomBytes(seed: 30)
        let der = SM2.Signing.PrivateKey().signature(for: [1]).derRepresentation
        var taken = 0
        for _ in 0..<20_000 {
            var changed = der
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: changed[index] ^= 1 << UInt8(index % 8)
                case 2: changed.remove(at: index)
                default: changed.insert([0, 0x80, 0xff, 2].randomElement(using: &random) ?? 0, at: index)
                }
            }
            guard let signature = try? SM2.Signing.Signature(derRepresentation: changed) else { continue }
            taken += 1
            #expect(signature.derRepresentation == changed)
        }
        #expect(taken > 1000)
    }

    @Test("Raw signatures have 64 bytes", arguments: [0, 32, 63, 65, 66, 128])
    func rawSize(count: Int) {
        #expect(throws: ShangMiError.invalidSignatureEncoding) {
            try SM2.Signing.Signature(rawRepresentation: [UInt8](repeating: 1, count: count))
        }
    }
}
