/// Reads a pattern by recursive descent; every method answers nil for what it does not know.
struct JSONPatternParser {
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    private static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    private static let words: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    private static let spaces: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
        0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    var isAtEnd: Bool { place == scalars.count }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    mutating func alternatives() -> [[JSONPattern.Node]]? {
        var alternatives: [[JSONPattern.Node]] = []
        repeat {
            var nodes: [JSONPattern.Node] = []
            while let scalar = next, scalar != "|", scalar != ")" {
                guard let node = quantified() else { return nil }
                nodes.append(node)
            }
            alternatives.append(nodes)
        } while take("|")
        return alternatives
    }

    private mutating func quantified() -> JSONPattern.Node? {
        guard let node = atom() else { return nil }
        let minimum: Int
        let maximum: Int
        switch next {
        case "*": (minimum, maximum) = (0, .max)
        case "+": (minimum, maximum) = (1, .max)
        case "?": (minimum, maximum) = (0, 1)
        case "{":
            place += 1
            guard let first = number() else { return nil }
            minimum = first
            if take(",") { maximum = next == "}" ? .max : number() ?? -1 } else { maximum = first }
            guard minimum <= maximum, next == "}" else { return nil }
        default: return node
        }
        place += 1
        if case .start = node { return nil }
        if case .end = node { return nil }
        // Lazy and possessive quantifiers, and one on top of another.
        if next == "?" || next == "+" || next == "*" || next == "{" { return nil }
        return .repeated(node, minimum: minimum, maximum: maximum)
    }

    private mutating func number() -> Int? {
        let start = place
        while let scalar = next, "0"..."9" ~= scalar { place += 1 }
        guard 1...5 ~= place - start else { return nil }
        return scalars[start..<place].reduce(0) { $0 * 10 + Int($1.value - 0x30) }
    }

    private mutating func atom() -> JSONPattern.Node? {
        guard let scalar = next else { return nil }
        place += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .set(.init(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], negated: true))
        case "(": return group()
        case "[": return characterClass()
        case "\\": return escape().map { .set($0) }
        case "*", "+", "?", "{", "}", "]": return nil
        default: return .set(.init(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func group() -> JSONPattern.Node? {
        if take("?"), !take(":") { return nil }
        depth += 1
        guard depth <= 16, let alternatives = alternatives(), take(")") else { return nil }
        depth -= 1
        return .group(alternatives)
    }

    private mutating func escape() -> JSONPattern.ScalarSet? {
        guard let scalar = next else { return nil }
        place += 1
        switch scalar {
        case "d": return .init(ranges: JSONPatternParser.digits)
        case "D": return .init(ranges: JSONPatternParser.digits, negated: true)
        case "w": return .init(ranges: JSONPatternParser.words)
        case "W": return .init(ranges: JSONPatternParser.words, negated: true)
        case "s": return .init(ranges: JSONPatternParser.spaces)
        case "S": return .init(ranges: JSONPatternParser.spaces, negated: true)
        case "t": return .init(ranges: [0x09...0x09])
        case "n": return .init(ranges: [0x0A...0x0A])
        case "r": return .init(ranges: [0x0D...0x0D])
        case "u":
            guard place + 4 <= scalars.count else { return nil }
            let digits = scalars[place..<(place + 4)].map { UInt8(ascii: $0.isASCII ? $0 : "-") }
            var value: UInt32 = 0
            for digit in digits {
                guard let digit = Hexadecimal.value(of: digit) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            place += 4
            return .init(ranges: [value...value])
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9" ~= scalar):
            return .init(ranges: [scalar.value...scalar.value])
        default: return nil
        }
    }

    private mutating func characterClass() -> JSONPattern.Node? {
        var set = JSONPattern.ScalarSet()
        set.negated = take("^")
        while let scalar = next, scalar != "]" {
            guard let low = classMember() else { return nil }
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                set.ranges += low.ranges
                continue
            }
            place += 1
            guard let high = classMember(), let start = low.ranges.single, let end = high.ranges.single,
                start <= end
            else { return nil }
            set.ranges.append(start...end)
        }
        return take("]") ? .set(set) : nil
    }

    private mutating func classMember() -> JSONPattern.ScalarSet? {
        guard let scalar = next else { return nil }
        place += 1
        guard scalar == "\\" else { return .init(ranges: [scalar.value...scalar.value]) }
        // A negated set would need its complement among the ranges.
        guard let set = escape(), !set.negated else { return nil }
        return set
    }
}

extension [ClosedRange<UInt32>] {
    /// The one scalar that these ranges are, if so.
    fileprivate var single: UInt32? {
        guard count == 1, self[0].count == 1 else { return nil }
        return self[0].lowerBound
    }
}
