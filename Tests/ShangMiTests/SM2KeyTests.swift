import ShangMi
import Testing

@Suite("SM2: keys in raw form")
struct SM2KeyTests {
    private static let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d541"

    @Test(
        "The private keys are 1…n - 2",
        arguments: [("21", true), ("22", false), ("23", false), ("24", false)])
    func range(lastByte: String, isValid: Bool) {
        let raw = bytes(hex: Self.order + lastByte)
        let key = try? SM2.Signing.PrivateKey(rawRepresentation: raw)
        #expect((key?.rawRepresentation == raw) == isValid)
        if !isValid {
            #expect(throws: ShangMiError.invalidPrivateKey) {
                try SM2.Signing.PrivateKey(rawRepresentation: raw)
            }
        }
    }

    @Test("n - 2 signs")
    func highestKey() throws {
        let key = try SM2.Signing.PrivateKey(rawRepresentation: bytes(hex: Self.order + "21"))
        #expect(key.publicKey.isValidSignature(key.signature(for: [1]), for: [1]))
    }

    @Test("0, and every size but 32 or 33 with a zero in front, is no private key")
    func sizes() throws {
        let raw = [UInt8](repeating: 1, count: 32)
        let key = try SM2.Signing.PrivateKey(rawRepresentation: raw)
        #expect(try SM2.Signing.PrivateKey(rawRepresentation: [0] + raw).rawRepresentation == raw)
        #expect(key.rawRepresentation == raw)
        for wrong in [[], Array(raw.dropFirst()), [1] + raw, [0, 0] + raw, [UInt8](repeating: 0, count: 32)] {
            #expect(throws: ShangMiError.invalidPrivateKey) {
                try SM2.Signing.PrivateKey(rawRepresentation: wrong)
            }
        }
    }

    @Test("A private key that begins with zeros keeps them")
    func leadingZeros() throws {
        let raw = [UInt8](repeating: 0, count: 31) + [5]
        #expect(try SM2.Signing.PrivateKey(rawRepresentation: raw).rawRepresentation == raw)
    }

    @Test("A public key is the same from 64, 65 and 33 bytes")
    func publicForms() throws {
        for _ in 0..<20 {
            let key = SM2.Encryption.PrivateKey().publicKey
            #expect(key.x963Representation == [4] + key.rawRepresentation)
            #expect(try SM2.PublicKey(rawRepresentation: key.rawRepresentation) == key)
            #expect(try SM2.PublicKey(x963Representation: key.x963Representation) == key)
            let compressed = key.compressedRepresentation
            #expect(compressed.count == 33)
            #expect(try SM2.PublicKey(compressedRepresentation: compressed) == key)
            let negated = try SM2.Encryption.PublicKey(
                compressedRepresentation: [compressed[0] ^ 1] + compressed.dropFirst())
            #expect(negated != key)
        }
    }

    @Test("A form is taken only where it is asked for")
    func mixedForms() throws {
        let key = SM2.Signing.PrivateKey().publicKey
        let (raw, x963) = (key.rawRepresentation, key.x963Representation)
        let compressed = key.compressedRepresentation
        for wrong in [x963, compressed, [], [UInt8](repeating: 0, count: 64)] {
            #expect(throws: ShangMiError.invalidPoint) { try SM2.Signing.PublicKey(rawRepresentation: wrong) }
        }
        for wrong in [raw, compressed, [], [0], [5] + raw] {
            #expect(throws: ShangMiError.invalidPoint) {
                try SM2.Signing.PublicKey(x963Representation: wrong)
            }
        }
        for wrong in [raw, x963, [], [4] + compressed.dropFirst()] {
            #expect(throws: ShangMiError.invalidPoint) {
                try SM2.Signing.PublicKey(compressedRepresentation: wrong)
            }
        }
    }

    @Test("A private key doesn't print its number")
    func redaction() throws {
        let key = try SM2.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 0x42, count: 32))
        var dumped = ""
        dump(key, to: &dumped)
        for text in [
            "\(key)", String(reflecting: key), dumped, "\([key])", "\(Mirror(reflecting: key).children)",
        ] {
            #expect(!text.contains("42") && !text.contains("66"))
        }
        #expect("\(key)" == "SM2.PrivateKey(redacted)")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test("New keys differ")
    func random() {
        #expect(Set((0..<50).map { _ in SM2.Signing.PrivateKey().publicKey }).count == 50)
    }
}
