/// Unicode's two canonical normal forms, NFC and NFD, for the letters that occur in names and addresses:
/// Latin, Greek, Cyrillic, kana, Hangul and the compatibility ideographs.
enum NormalForm {
    /// Every letter with its marks apart (NFD).
    static func decomposed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value >= 0xc0 }) else { return text }
        return String(String.UnicodeScalarView(parts(of: text)))
    }

    /// Every letter in one piece with its marks (NFC).
    static func composed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value >= 0x300 }) else { return text }
        var scalars: [Unicode.Scalar] = []
        var letter: Int?
        var lastClass: UInt8 = 0
        for scalar in parts(of: text) {
            let markClass = scalar.properties.canonicalCombiningClass.rawValue
            // A mark joins its letter unless one of the same class, or another letter, stands between.
            let isFree = letter == scalars.count - 1 || lastClass < markClass && lastClass != 0
            if let place = letter, isFree, let whole = whole(scalars[place], scalar) {
                scalars[place] = whole
                continue
            }
            if markClass == 0 { letter = scalars.count }
            lastClass = markClass
            scalars.append(scalar)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The text's scalars in the order of NFD: the marks of a letter by their class.
    private static func parts(of text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars.lazy.flatMap(parts) {
            let markClass = scalar.properties.canonicalCombiningClass
            var place = scalars.count
            while markClass != .notReordered, place > 0,
                scalars[place - 1].properties.canonicalCombiningClass > markClass
            { place -= 1 }
            scalars.insert(scalar, at: place)
        }
        return scalars
    }

    private static func parts(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let value = scalar.value
        guard value >= 0xc0 else { return [scalar] }
        if (0xac00...0xd7a3).contains(value) {
            // Hangul goes by arithmetic (Unicode, 3.12).
            let index = value - 0xac00
            let tail = index % 28
            let parts = [0x1100 + index / 588, 0x1161 + index % 588 / 28] + (tail > 0 ? [0x11a7 + tail] : [])
            return parts.compactMap(Unicode.Scalar.init)
        }
        if let ideograph = NormalFormTable.shared.ideographs[scalar] { return [ideograph] }
        guard let pair = NormalFormTable.shared.pairs[scalar] else { return [scalar] }
        return parts(of: pair.letter) + [pair.mark]
    }

    private static func whole(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        let (first, second) = (letter.value, mark.value)
        if (0x1100...0x1112).contains(first), (0x1161...0x1175).contains(second) {
            return Unicode.Scalar(0xac00 + (first - 0x1100) * 588 + (second - 0x1161) * 28)
        }
        if (0xac00...0xd7a3).contains(first), (first - 0xac00) % 28 == 0, (0x11a8...0x11c2).contains(second) {
            return Unicode.Scalar(first + second - 0x11a7)
        }
        return NormalFormTable.shared.wholes[NormalFormTable.Pair(letter: letter, mark: mark)]
    }
}
