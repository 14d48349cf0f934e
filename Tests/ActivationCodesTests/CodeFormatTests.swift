import ActivationCodes
import Foundation
import Testing

struct CodeVectors: Decodable {
    struct Code: Decodable { var random: String, text: String }
    struct Tolerated: Decodable { var input: String, text: String }
    struct Refused: Decodable { var input: String, error: String, value: Int? }
    struct Lookup: Decodable { var key: String, text: String, hash: String }
    var codes: [Code]
    var tolerated: [Tolerated]
    var refused: [Refused]
    var lookup: [Lookup]

    static func load() throws -> CodeVectors {
        try Repository.vectors("activation-code.json", as: CodeVectors.self)
    }
}

@Suite("Code format")
struct CodeFormatTests {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    @Test("every vector reads and prints as itself, and no other check symbols fit")
    func vectors() throws {
        for vector in try CodeVectors.load().codes {
            let code = try CodeSecret(parsing: vector.text)
            #expect(code.text == vector.text)
            #expect(String(decoding: code.symbols, as: UTF8.self) == vector.text.replacing("-", with: ""))
            var fitting: [String] = []
            for first in Self.alphabet {
                for second in Self.alphabet
                where (try? CodeSecret(parsing: "\(vector.random)\(first)\(second)")) != nil {
                    fitting.append("\(first)\(second)")
                }
            }
            #expect(fitting == [String(vector.text.replacing("-", with: "").suffix(2))])
        }
    }

    @Test("every tolerated form reads as its code")
    func tolerated() throws {
        for vector in try CodeVectors.load().tolerated {
            #expect(try CodeSecret(parsing: vector.input).text == vector.text)
        }
    }

    @Test("every refused form is refused for its reason")
    func refused() throws {
        for vector in try CodeVectors.load().refused {
            let expected: CodeFormatError =
                switch vector.error {
                case "wrong_length": .wrongLength(vector.value ?? -1)
                case "unknown_symbol": .unknownSymbol(position: vector.value ?? -1)
                default: .checkFailed
                }
            #expect(throws: expected) { try CodeSecret(parsing: vector.input) }
        }
    }

    @Test("every wrong symbol at every position is found", arguments: [1, 2, 3] as [UInt64])
    func singleErrors(seed: UInt64) throws {
        var generator = CodeGenerator(entropy: .seeded(seed))
        let symbols = Array(String(decoding: try generator.next().symbols, as: UTF8.self))
        for position in symbols.indices {
            for symbol in Self.alphabet where symbol != symbols[position] {
                var wrong = symbols
                wrong[position] = symbol
                #expect(throws: CodeFormatError.checkFailed) { try CodeSecret(parsing: String(wrong)) }
            }
        }
    }

    @Test("every swap of two symbols, neighbors or not, is found", arguments: [4, 5, 6, 7] as [UInt64])
    func swaps(seed: UInt64) throws {
        var generator = CodeGenerator(entropy: .seeded(seed))
        let symbols = Array(String(decoding: try generator.next().symbols, as: UTF8.self))
        for first in symbols.indices {
            for second in symbols.indices where first < second && symbols[first] != symbols[second] {
                var wrong = symbols
                wrong.swapAt(first, second)
                #expect(throws: CodeFormatError.checkFailed) { try CodeSecret(parsing: String(wrong)) }
            }
        }
    }

    @Test("every two wrong symbols at one pair of positions are found")
    func doubleErrors() throws {
        var random = SeededGenerator(seed: 8)
        var generator = CodeGenerator(entropy: .seeded(8))
        let symbols = Array(String(decoding: try generator.next().symbols, as: UTF8.self))
        let positions = Array(symbols.indices.shuffled(using: &random).prefix(2))
        for first in Self.alphabet where first != symbols[positions[0]] {
            for second in Self.alphabet where second != symbols[positions[1]] {
                var wrong = symbols
                wrong[positions[0]] = first
                wrong[positions[1]] = second
                #expect(throws: CodeFormatError.checkFailed) { try CodeSecret(parsing: String(wrong)) }
            }
        }
    }

    @Test("mutated codes are refused or read to a fixed point")
    func fuzz() throws {
        var random = SeededGenerator(seed: 9)
        var generator = CodeGenerator(entropy: .seeded(9))
        var accepted = 0
        for _ in 0..<5_000 {
            let text = mutated(try generator.next().text, &random)
            guard let code = try? CodeSecret(parsing: text) else { continue }
            accepted += 1
            #expect(try CodeSecret(parsing: code.text) == code)
            #expect(try CodeSecret(parsing: code.text).text == code.text)
        }
        #expect(accepted > 0)
    }

    @Test("a code prints as redacted in every way that a program prints")
    func redaction() throws {
        let code = try CodeSecret(parsing: "0123-4567-89AB-CDEF-GHJK-MNPQ-RSCT")
        var dumped = ""
        dump([code], to: &dumped)
        for text in [
            "\(code)", String(reflecting: code), String(describing: [code]), String(reflecting: [code]),
            dumped,
        ] {
            #expect(text.contains("‹redacted›"))
            #expect(!text.contains("GHJK"))
            #expect(!text.contains(where: \.isWholeNumber) || text == dumped)
        }
        #expect(Mirror(reflecting: code).children.count == 1)
    }
}
