/// Letters and their parts, found once by comparing strings, for which a letter and its parts are the same
/// text.
struct NormalFormTable: Sendable {
    struct Pair: Hashable {
        let letter: Unicode.Scalar
        let mark: Unicode.Scalar

        var text: String { String(String.UnicodeScalarView([letter, mark])) }
    }

    /// A letter with a mark, and the two.
    let pairs: [Unicode.Scalar: Pair]
    /// The reverse.
    let wholes: [Pair: Unicode.Scalar]
    /// Compatibility ideographs, and the unified ones they stand for.
    let ideographs: [Unicode.Scalar: Unicode.Scalar]

    static let shared = NormalFormTable()

    private init() {
        let letters = Self.scalars([
            0x41...0x5a, 0x61...0x7a, 0xc0...0x24f, 0x370...0x4ff, 0x1e00...0x1fff, 0x3040...0x30ff,
        ])
        let marks = Self.scalars([
            0x300...0x314, 0x31b...0x31b, 0x323...0x331, 0x338...0x338, 0x342...0x342, 0x345...0x345,
            0x3099...0x309a,
        ])
        // Of several letters that are the same text NFC takes the first (U+03AC, not U+1F71).
        let known = Dictionary(letters.map { (String($0), $0) }) { first, _ in first }
        var wholes: [Pair: Unicode.Scalar] = [:]
        var found: [String: Pair] = [:]
        for letter in letters {
            for mark in marks {
                let pair = Pair(letter: letter, mark: mark)
                guard let whole = known[pair.text], whole != letter else { continue }
                wholes[pair] = whole
                if found[pair.text] == nil { found[pair.text] = pair }
            }
        }
        self.wholes = wholes
        pairs = Dictionary(
            letters.compactMap { letter in found[String(letter)].map { (letter, $0) } }
        ) { first, _ in first }
        let unified = Dictionary(
            Self.scalars([0x3400...0x9fff]).map { (String($0), $0) }
        ) { first, _ in first }
        ideographs = Dictionary(
            Self.scalars([0xf900...0xfaff]).compactMap { scalar in
                unified[String(scalar)].map { (scalar, $0) }
            }
        ) { first, _ in first }
    }

    private static func scalars(_ ranges: [ClosedRange<UInt32>]) -> [Unicode.Scalar] {
        ranges.joined().compactMap(Unicode.Scalar.init)
    }
}
