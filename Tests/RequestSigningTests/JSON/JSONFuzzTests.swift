import RequestSigning
import Testing

@Suite struct JSONFuzzTests {
    static let seeds: [[UInt8]] = [
        #"{"cardNo":"62\u5f20\ud83d\ude00 ","amt":-12.50e+3,"list":[{"b":null,"a":true},[],""],"é":{"𝒳":0}}"#,
        #"{"psn_no":"3301 张三\n\"q\"\\","fee":[1,2.0,300e-2,0.1],"o":{"x":{"y":{"z":[[[{}]]]}}},"f":false}"#,
        #"[{"aNameThatGoesOn":1,"aNameThatGoesOm":2,"\uD800":"\udc00"},"\u0000\u007f\/\b",1234567890123]"#,
    ].map { Array($0.utf8) }

    /// Bytes that matter to the grammar, and to UTF-8.
    static let spice =
        Array("{}[]\",:\\u0dD89aAeE.+-tfn \t\n".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC2, 0xE4, 0xED, 0xF0, 0xFF]

    static func mutant(_ generator: inout SeededBytes) -> [UInt8] {
        var bytes = seeds[generator.below(seeds.count)]
        for _ in 0...generator.below(4) where !bytes.isEmpty {
            let place = generator.below(bytes.count)
            switch generator.below(5) {
            case 0: bytes[place] = spice[generator.below(spice.count)]
            case 1: bytes.insert(spice[generator.below(spice.count)], at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + generator.below(20)))
            default:
                bytes.insert(
                    contentsOf: bytes[place..<min(bytes.count, place + generator.below(20))], at: place)
            }
        }
        return bytes
    }

    @Test("Nothing traps, and what parses is the same after it is written and parsed again")
    func mutants() throws {
        var generator = SeededBytes(seed: 2026)
        var parsed = 0
        for _ in 0..<60_000 {
            let bytes = Self.mutant(&generator)
            guard let document = try? JSONDocument(parsing: bytes) else { continue }
            parsed += 1
            let written = document.bytes
            let again = try JSONDocument(parsing: written)
            #expect(again.bytes == written)
            for form: CanonicalForm in [.python, .jcs, .envelope(.codePoint), .envelope(.caseInsensitive)] {
                let first = try? document.canonical(form)
                #expect(first == (try? again.canonical(form)))
                guard let first, form == .python || form == .jcs else { continue }
                // A canonical text is its own canonical text.
                #expect(try JSONDocument(parsing: first).canonical(form) == first)
            }
            for style in NameStyle.allCases {
                guard let converted = try? document.convertingNames(to: style) else { continue }
                #expect(try JSONDocument(parsing: converted.bytes).bytes == converted.bytes)
                #expect(
                    (try? converted.canonical(.python)) == (try? Self.reparsed(converted).canonical(.python)))
            }
        }
        #expect(parsed > 3000)
    }

    static func reparsed(_ document: JSONDocument) throws -> JSONDocument {
        try JSONDocument(parsing: document.bytes)
    }

    @Test("Every prefix of a text is refused, not trapped on")
    func prefixes() {
        for seed in Self.seeds {
            for length in 0..<seed.count {
                #expect(throws: SigningRefusal.self) { try JSONDocument(parsing: Array(seed.prefix(length))) }
            }
        }
    }

    @Test("Random queries don't trap, and their parameters survive as JSON")
    func queries() throws {
        var generator = SeededBytes(seed: 4)
        let alphabet = Array("ab=&%+4Ee1;张")
        for _ in 0..<30_000 {
            let query = String(
                (0..<generator.below(24)).map { _ in alphabet[generator.below(alphabet.count)] })
            guard let document = try? JSONDocument(query: query) else { continue }
            #expect(try JSONDocument(parsing: document.bytes).bytes == document.bytes)
        }
    }
}
