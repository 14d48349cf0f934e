import HTTPTypes
import RequestSigning
import Testing

@Suite("Message signatures on broken input", .timeLimit(.minutes(10)))
struct MessageFuzzTests {
    /// SplitMix64: the same sequence from the same seed everywhere.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    static let pieces =
        Array("()\";:,=?*-.0123456789 \t\\@abcdefinorstxyzABZ/+%&".utf8) + [0, 0x0A, 0x7F, 0xC3, 0xFF]

    static func mutated(_ text: String, _ random: inout Seeded) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(piece, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = piece
            default:
                let end = Int.random(in: place...bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }

    @Test(
        "Nothing traps, and what is read is read again from what is written",
        arguments: 1...8 as ClosedRange<UInt64>)
    func mutations(_ seed: UInt64) throws {
        var random = Seeded(state: seed)
        let vectors = try #require(MessageVectors.all)
        let lines = vectors.components.flatMap { $0.lines }
        let identifiers = lines.compactMap { $0.split(separator: ": ").first }
        var read = 0
        for _ in 0..<4000 {
            let vector = vectors.signatures[Int.random(in: 0..<vectors.signatures.count, using: &random)]
            let extra = identifiers[Int.random(in: 0..<identifiers.count, using: &random)]
            let covered = vector.input.replacing("(", with: "(\(extra) ", maxReplacements: 1)
            let input = "\(vector.label)=\(covered)"
            let signature = "\(vector.label)=:\(vector.signature):"
            var fields = vector.message.headerFields
            let dictionary = Self.mutated(input, &random)
            fields.append(HTTPField(name: .name("Example-Dict"), lenientValue: dictionary))
            fields.append(HTTPField(name: .signatureInput, lenientValue: Self.mutated(input, &random)))
            let breaksSignature = Bool.random(using: &random)
            let sent = breaksSignature ? Self.mutated(signature, &random) : Array(signature.utf8)
            fields.append(HTTPField(name: .signature, lenientValue: sent))
            guard let signatures = try? MessageSignature.all(in: fields), let first = signatures.first else {
                continue
            }
            read += 1
            let written: HTTPFields = [
                .signatureInput: first.inputFieldValue, .signature: first.fieldValue,
            ]
            #expect(try MessageSignature.all(in: written) == [first])
            #expect(SignatureParameters(covering: first.parameters.components).components.count < 65)
            try strictSerializationAgrees(first, written)
            let target = String(decoding: Self.mutated("/p?a=1&b=%20", &random), as: UTF8.self)
            let request = HTTPRequest(
                method: .post, scheme: "https", authority: "a:1", path: target, headerFields: fields)
            guard let base = try? SignatureBase(first.parameters, of: request) else { continue }
            let lines = base.bytes.split(separator: 10, omittingEmptySubsequences: false)
            #expect(lines.count == first.parameters.components.count + 1)
            #expect(base.bytes.allSatisfy { 0x20...0x7E ~= $0 || $0 == 10 || $0 == 9 })
        }
        #expect(read > 200)
    }

    /// The general parser of structured fields, which `;key` uses, must give the member as it was read here.
    private func strictSerializationAgrees(_ signature: MessageSignature, _ fields: HTTPFields) throws {
        let component = MessageComponent("signature-input", .member(signature.label))
        let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: fields)
        let base = try SignatureBase(SignatureParameters(covering: [component]), of: request)
        let line = Array("\(component): ".utf8) + signature.parameters.text + [10]
        #expect(base.bytes.starts(with: line))
    }

    @Test("Broken Content-Digest never traps and never passes for another body")
    func digests() {
        var random = Seeded(state: 9)
        let body = Array("body".utf8)
        let wide = ContentDigest.fieldValue(for: body, using: .sha512)
        let good = "\(ContentDigest.fieldValue(for: body)), \(wide)"
        for _ in 0..<20_000 {
            let field = HTTPField(name: .contentDigest, lenientValue: Self.mutated(good, &random))
            var fields = HTTPFields()
            fields.append(field)
            #expect(refusal { try ContentDigest.check(Array("other".utf8), against: fields) } != nil)
            try? ContentDigest.check(body, against: fields)
        }
    }
}
