import ActivationCodes
import Crypto
import Foundation
import Testing

struct SealedVectors: Decodable {
    struct Sealed: Decodable {
        var key: String, keyId: String, context: String, salt: String, nonce: String
        var derivedKey: String, payload: String, sealed: String
    }
    var sealed: [Sealed]

    static func load() throws -> [Sealed] {
        try Repository.vectors("sealed-payload.json", as: SealedVectors.self).sealed
    }
}

@Suite("Code keys")
struct CodeKeysTests {
    private static func keys(_ bytes: UInt8 = 1, ids: [String] = ["a"], current: String = "a") -> CodeKeys {
        let key = SymmetricKey(data: [UInt8](repeating: bytes, count: 32))
        return CodeKeys(
            lookup: key, sealing: Dictionary(uniqueKeysWithValues: ids.map { ($0, key) }), current: current)
    }

    @Test("look-up hashes are HMAC-SHA256 over the 28 symbols")
    func lookup() throws {
        for vector in try CodeVectors.load().lookup {
            let key = SymmetricKey(data: Data(hex: vector.key))
            let keys = CodeKeys(lookup: key, sealing: ["a": key], current: "a")
            let hash = keys.lookupHash(of: try CodeSecret(parsing: vector.text.lowercased()))
            #expect(hash == Data(hex: vector.hash))
        }
    }

    @Test(
        "payloads of another implementation unseal, and seal to the same bytes"
    )
    func sealedVectors() throws {
        for vector in try SealedVectors.load() {
            let key = SymmetricKey(data: Data(hex: vector.key))
            let keys = CodeKeys(lookup: key, sealing: [vector.keyId: key], current: vector.keyId)
            let (sealed, context) = (Data(hex: vector.sealed), Data(hex: vector.context))
            #expect(try keys.unseal(sealed, context: context) == Data(hex: vector.payload))
            let entropy = EntropySource { buffer in
                buffer.copyBytes(from: Data(hex: buffer.count == 16 ? vector.salt : vector.nonce))
            }
            #expect(try keys.seal(Data(hex: vector.payload), context: context, entropy: entropy) == sealed)
        }
    }

    @Test("HKDF-SHA256 answers as in RFC 5869, test case 1, and as in the vectors")
    func derivation() throws {
        func derive(_ key: Data, _ salt: Data, _ info: Data, _ count: Int) -> Data {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: key), salt: salt, info: info, outputByteCount: count
            ).withUnsafeBytes { Data($0) }
        }
        let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        let output = derive(
            Data(repeating: 0x0B, count: 22), Data(hex: "000102030405060708090a0b0c"),
            Data(hex: "f0f1f2f3f4f5f6f7f8f9"), 42)
        #expect(output == Data(hex: expected))
        for vector in try SealedVectors.load() {
            let key = derive(
                Data(hex: vector.key), Data(hex: vector.salt), Data("activation-key-v1".utf8), 32)
            #expect(key == Data(hex: vector.derivedKey))
        }
    }

    @Test("any changed bit, any cut and any addition is refused without detail")
    func tampering() throws {
        let keys = Self.keys()
        let sealed = try keys.seal(Data("payload".utf8), context: Data("c".utf8), entropy: .system)
        for bit in 0..<sealed.count * 8 {
            var wrong = sealed
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: UnsealingError.self) { try keys.unseal(wrong, context: Data("c".utf8)) }
        }
        for count in 0..<sealed.count {
            #expect(throws: UnsealingError.self) {
                try keys.unseal(sealed.prefix(count), context: Data("c".utf8))
            }
        }
        #expect(throws: UnsealingError.self) { try keys.unseal(sealed + [0], context: Data("c".utf8)) }
    }

    @Test("wrong tag, key, key id and context print as the same error")
    func oneError() throws {
        let keys = Self.keys()
        let context = Data("c".utf8)
        let sealed = try keys.seal(Data("payload".utf8), context: context, entropy: .system)
        var wrongTag = sealed
        wrongTag[sealed.count - 1] ^= 1
        let attempts = [
            (keys, wrongTag, context),
            (Self.keys(2), sealed, context),
            (Self.keys(ids: ["b"], current: "b"), sealed, context),
            (keys, sealed, Data("d".utf8)),
            (keys, Data(), context),
        ]
        var texts: Set<String> = []
        for (keys, sealed, context) in attempts {
            let error = #expect(throws: UnsealingError.self) { try keys.unseal(sealed, context: context) }
            texts.insert(String(reflecting: error))
        }
        #expect(texts.count == 1)
    }

    @Test("after a rotation old payloads unseal and new ones carry the new key id")
    func rotation() throws {
        let old = Self.keys(ids: ["a"], current: "a")
        let new = Self.keys(ids: ["a", "b"], current: "b")
        let before = try old.seal(Data([1]), context: Data(), entropy: .system)
        let after = try new.seal(Data([2]), context: Data(), entropy: .system)
        #expect(try new.unseal(before, context: Data()) == Data([1]))
        #expect(try new.unseal(after, context: Data()) == Data([2]))
        #expect(after.prefix(3) == Data([1, 1, UInt8(ascii: "b")]))
        #expect(throws: UnsealingError.self) { try old.unseal(after, context: Data()) }
    }

    @Test("a slice of a larger buffer unseals like its copy")
    func slices() throws {
        let keys = Self.keys()
        let sealed = try keys.seal(Data([3]), context: Data(), entropy: .system)
        #expect(try keys.unseal((Data([9, 9]) + sealed).dropFirst(2), context: Data()) == Data([3]))
    }

    @Test("mutated payloads never crash the parser", arguments: [11, 12] as [UInt64])
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let keys = Self.keys()
        let sealed = try keys.seal(Data(repeating: 5, count: 40), context: Data(), entropy: .seeded(seed))
        for _ in 0..<2_000 {
            var wrong = sealed.prefix(Int.random(in: 0...sealed.count, using: &random))
            for _ in 0..<Int.random(in: 1...4, using: &random) where !wrong.isEmpty {
                wrong[Int.random(in: 0..<wrong.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            if let payload = try? keys.unseal(wrong, context: Data()) {
                #expect(wrong == sealed)
                #expect(payload == Data(repeating: 5, count: 40))
            }
        }
    }
}
