/// An activation code as its holder types it: 26 random symbols (130 bits) and 2 check symbols.
///
/// The value is a secret. It prints itself as `‹redacted›` everywhere; ``text`` and ``symbols`` are the only
/// ways to see it. Equality takes the same time wherever two codes differ. Format:
/// docs/formats/activation-code.md.
public struct CodeSecret: Sendable, Hashable {
    /// Symbols in a code, check symbols included, separators not.
    public static let symbolCount = 28
    static let randomCount = 26

    /// Twelve symbols a word, five bits each, the first symbol in the lowest bits; the third word holds four.
    /// Inline, so that a million codes are one array and no allocations.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    /// Makes the code of 26 symbols and adds the check symbols.
    ///
    /// - Parameter words: uniform bits; the lowest 60, 60 and 10 are used, the others ignored.
    init(randomBits words: (UInt64, UInt64, UInt64)) {
        let sixty: UInt64 = 1 << 60 - 1
        var check = CheckSymbols()
        Self.feed(words.0, 12, to: &check)
        Self.feed(words.1, 12, to: &check)
        Self.feed(words.2, 2, to: &check)
        let (high, low) = check.values
        first = words.0 & sixty
        second = words.1 & sixty
        third = words.2 & 0x3FF | high << 10 | low << 15
    }

    /// Reads a code as people type it: either case, any spaces and dashes between symbols, O for 0, I and L
    /// for 1, full-width letters and digits.
    ///
    /// - Throws: ``CodeFormatError/unknownSymbol(position:)`` for the first character that is none of these,
    ///   else ``CodeFormatError/wrongLength(_:)``, else ``CodeFormatError/checkFailed``.
    public init(parsing text: some StringProtocol) throws(CodeFormatError) {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var check = CheckSymbols()
        var count = 0
        for scalar in text.unicodeScalars {
            switch CodeSymbols.read(scalar) {
            case .separator:
                continue
            case .unknown:
                throw .unknownSymbol(position: count)
            case .value(let value):
                check.feed(UInt64(value))
                let bits = UInt64(value) << UInt64(5 * (count % 12))
                switch count {
                case 0..<12: words.0 |= bits
                case 12..<24: words.1 |= bits
                case 24..<28: words.2 |= bits
                default: break
                }
                count += 1
            }
        }
        guard count == Self.symbolCount else { throw .wrongLength(count) }
        guard check.values == (0, 0) else { throw .checkFailed }
        (first, second, third) = words
    }

    /// The canonical text, `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`. Show it once, to its holder, and store it
    /// nowhere.
    public var text: String {
        String(unsafeUninitializedCapacity: Self.symbolCount + 6) { buffer in
            var position = 0
            for index in 0..<Self.symbolCount {
                if index > 0, index % 4 == 0 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                buffer[position] = CodeSymbols.ascii[value(at: index)]
                position += 1
            }
            return position
        }
    }

    /// The canonical symbols as 28 ASCII bytes without dashes: what is hashed and sealed.
    public var symbols: [UInt8] {
        (0..<Self.symbolCount).map { CodeSymbols.ascii[value(at: $0)] }
    }

    public static func == (left: CodeSecret, right: CodeSecret) -> Bool {
        (left.first ^ right.first) | (left.second ^ right.second) | (left.third ^ right.third) == 0
    }

    private func value(at index: Int) -> Int {
        let word = index < 12 ? first : index < 24 ? second : third
        return Int(word >> UInt64(5 * (index % 12)) & 31)
    }

    @inline(__always)
    private static func feed(_ word: UInt64, _ count: Int, to check: inout CheckSymbols) {
        for index in 0..<count { check.feed(word &>> UInt64(5 &* index) & 31) }
    }
}

extension CodeSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var debugDescription: String { "‹redacted›" }
    /// Empty of content, because loggers and test failures print mirrors.
    public var customMirror: Mirror { Mirror(self, unlabeledChildren: ["‹redacted›"]) }
}

/// Why a text is not an activation code. Says nothing about which codes exist.
public enum CodeFormatError: Error, Equatable {
    /// So many symbols instead of 28.
    case wrongLength(Int)
    /// A character that is no symbol and no separator, after `position` symbols (separators not counted).
    case unknownSymbol(position: Int)
    /// The check symbols don't fit: at least one symbol was mistyped.
    case checkFailed
}
