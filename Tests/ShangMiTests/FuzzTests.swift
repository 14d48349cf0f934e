import Foundation
import ShangMi
import Testing

/// Broken encodings for a bounded time: nothing traps, and what is taken is written again as it was read.
/// `HUFU_FUZZ_SECONDS` makes it longer; a failure prints the seed.
@Suite("Broken encodings")
struct FuzzTests {
    private static let seconds = Double(ProcessInfo.processInfo.environment["HUFU_FUZZ_SECONDS"] ?? "") ?? 2

    enum Target: String, CaseIterable {
        case publicKey, privateKey, encryptedKey, signature, rawCiphertext, derCiphertext, sealedBox, pem
    }

    @Test("are refused or read, never fatal", .timeLimit(.minutes(30)), arguments: Target.allCases)
    func broken(target: Target) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomBytes(seed: seed)
        let subject = try Subject(target)
        let end = Date(timeIntervalSinceNow: Self.seconds / Double(Target.allCases.count))
        var taken = 0
        var tried = 0
        while Date.now < end {
            let bytes = Self.mutated(subject.valid, &random)
            tried += 1
            guard let again = subject.parse(bytes) else { continue }
            taken += 1
            #expect(again == bytes, "seed \(seed): \(bytes)")
        }
        #expect(tried > taken)
        #expect(subject.parse(subject.valid) == subject.valid)
    }

    private static func mutated(_ bytes: [UInt8], _ random: inout RandomBytes) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1 where !bytes.isEmpty: bytes[place] = .random(in: 0...255, using: &random)
            case 2: bytes.insert(.random(in: 0...255, using: &random), at: min(place, bytes.count))
            case 3 where !bytes.isEmpty: bytes.remove(at: place)
            case 4: bytes.removeLast(min(bytes.count, Int.random(in: 0..<20, using: &random)))
            default: bytes += (0..<Int.random(in: 0..<20, using: &random)).map { _ in 0 }
            }
        }
        return bytes
    }

    /// A valid encoding and its parser, which answers what it writes again; nil for a refusal.
    private struct Subject {
        let valid: [UInt8]
        let parse: ([UInt8]) -> [UInt8]?

        init(_ target: Target) throws {
            let key = SM2.Signing.PrivateKey()
            let reader = try SM2.Encryption.PrivateKey(rawRepresentation: key.rawRepresentation)
            switch target {
            case .publicKey:
                valid = key.publicKey.derRepresentation
                parse = { try? SM2.Signing.PublicKey(derRepresentation: $0).derRepresentation }
            case .privateKey:
                valid = key.derRepresentation
                // Nine forms are read, one is written.
                parse = { bytes in
                    (try? SM2.Signing.PrivateKey(derRepresentation: bytes)).map { read in
                        PrivateKeyForms(read).read.first { $0 == bytes } ?? read.derRepresentation
                    }
                }
            case .encryptedKey:
                let password = Array("password".utf8)
                valid = try key.encryptedDERRepresentation(password: password, iterations: 2)
                parse = { bytes in
                    (try? SM2.Signing.PrivateKey(encryptedDERRepresentation: bytes, password: password))
                        .map { _ in bytes }
                }
            case .signature:
                valid = key.signature(for: plaintext).derRepresentation
                parse = { try? SM2.Signing.Signature(derRepresentation: $0).derRepresentation }
            case .rawCiphertext, .derCiphertext:
                let format: SM2.Encryption.Format = target == .rawCiphertext ? .c1c3c2 : .asn1
                valid = try reader.publicKey.encrypt(plaintext, format: format)
                parse = { bytes in (try? reader.decrypt(bytes, format: format)).map { _ in bytes } }
            case .sealedBox:
                let secret = try SM4.Key(Array(0..<16))
                valid = try SM4.GCM.seal(plaintext, using: secret).combined ?? []
                parse = { bytes in
                    (try? SM4.GCM.SealedBox(combined: bytes)).flatMap { try? SM4.GCM.open($0, using: secret) }
                        .map { _ in bytes }
                }
            case .pem:
                valid = Array(key.publicKey.pemRepresentation.utf8)
                parse = { bytes in
                    let text = String(decoding: bytes, as: UTF8.self)
                    return (try? SM2.Signing.PublicKey(pemRepresentation: text)).map { _ in bytes }
                }
            }
        }
    }

}

private let plaintext = Array("message digest".utf8)
