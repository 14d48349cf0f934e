import ActivationCodes
import Foundation
import Testing

@Suite("Code generator")
struct CodeGeneratorTests {
    @Test("all 32 symbols are equally likely at each of the 26 random positions")
    func unbiased() throws {
        let count = 20_000
        var generator = CodeGenerator(entropy: .seeded(1))
        var seen = [[UInt8: Int]](repeating: [:], count: 26)
        for code in try generator.next(count) {
            for (position, symbol) in code.symbols.prefix(26).enumerated() {
                seen[position][symbol, default: 0] += 1
            }
        }
        for frequencies in seen {
            #expect(frequencies.count == 32)
            let expected = Double(count) / 32
            let chiSquared = frequencies.values.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
            // 31 degrees of freedom: beyond 75 with probability 2·10⁻⁵; the seed is fixed, so this never
            // flickers.
            #expect(chiSquared < 75)
        }
    }

    @Test("every generated code reads as itself, and none comes twice")
    func readable() throws {
        var generator = CodeGenerator(entropy: .system)
        let codes = try generator.next(2_000)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(try CodeSecret(parsing: code.text) == code) }
    }

    @Test("a copied generator never repeats its original's codes")
    func copies() throws {
        var original = CodeGenerator(entropy: .seeded(2))
        _ = try original.next()
        var copy = original
        #expect(try Set(original.next(300)).isDisjoint(with: copy.next(300)))
    }

    @Test("the bits of the entropy are used as they are")
    func bits() throws {
        var ones = CodeGenerator(
            entropy: EntropySource { $0.copyBytes(from: repeatElement(0xFF, count: $0.count)) })
        #expect(try ones.next().text == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ19")
    }

    @Test("without entropy there is no code, and with it again there is")
    func failure() throws {
        let isBroken = Shared(true)
        let source = EntropySource { buffer in
            let fails = isBroken.update { broken in
                defer { broken = false }
                return broken
            }
            if fails { throw EntropyError.unavailable }
            try EntropySource.system.bytes(buffer.count).withUnsafeBytes { buffer.copyMemory(from: $0) }
        }
        var generator = CodeGenerator(entropy: source)
        #expect(throws: EntropyError.unavailable) { try generator.next() }
        #expect(try generator.next() != generator.next())
    }

    @Test("the start-up check accepts the system and refuses a source that repeats itself")
    func check() throws {
        try EntropySource.system.check()
        #expect(throws: EntropyError.unavailable) {
            try EntropySource { _ in throw EntropyError.unavailable }.check()
        }
        let constant = EntropySource { $0.copyBytes(from: repeatElement(7, count: $0.count)) }
        #expect(throws: EntropyError.unavailable) { try constant.check() }
        #expect(try EntropySource.system.bytes(1_000).count == 1_000)
        #expect(try EntropySource.system.bytes(0).isEmpty)
    }
}
