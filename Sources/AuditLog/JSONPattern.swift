/// A regular expression of a schema: the part of ECMA-262 that formats need.
///
/// Literals, `.`, classes, `\d \w \s` and their negations, `^`, `$`, groups (capturing or `(?:`),
/// alternatives, and the greedy quantifiers. It matches anywhere in the text unless anchored, as JSON Schema
/// has it, and over Unicode scalars. Patterns come from our own schemas, never from a request: matching
/// backtracks.
struct JSONPattern: Sendable {
    let source: String
    private let alternatives: [[Node]]

    indirect enum Node: Sendable {
        case start
        case end
        case set(ScalarSet)
        case group([[Node]])
        case repeated(Node, minimum: Int, maximum: Int)
    }

    struct ScalarSet: Sendable {
        var ranges: [ClosedRange<UInt32>] = []
        var negated = false

        func contains(_ scalar: UInt32) -> Bool {
            for range in ranges where range.contains(scalar) { return !negated }
            return negated
        }
    }

    /// Nil for a pattern that is malformed or beyond the part known here.
    init?(_ source: String) {
        var parser = JSONPatternParser(source)
        guard let alternatives = parser.alternatives(), parser.isAtEnd else { return nil }
        self.source = source
        self.alternatives = alternatives
    }

    func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map { $0.value }
        return (0...scalars.count).contains { start in
            alternatives.contains { match($0[...], scalars, start) { _ in true } }
        }
    }

    /// Whether the nodes match from a place on, and what follows them accepts where they end.
    private func match(
        _ nodes: ArraySlice<Node>, _ text: [UInt32], _ place: Int, _ accept: (Int) -> Bool
    ) -> Bool {
        guard let node = nodes.first else { return accept(place) }
        let rest = nodes.dropFirst()
        switch node {
        case .start: return place == 0 && match(rest, text, place, accept)
        case .end: return place == text.count && match(rest, text, place, accept)
        case .set(let set):
            return place < text.count && set.contains(text[place]) && match(rest, text, place + 1, accept)
        case .group(let alternatives):
            return alternatives.contains { alternative in
                match(alternative[...], text, place) { match(rest, text, $0, accept) }
            }
        case .repeated(.set(let set), let minimum, let maximum):
            var end = place
            while end < text.count, end - place < maximum, set.contains(text[end]) { end += 1 }
            while end - place >= minimum {
                if match(rest, text, end, accept) { return true }
                end -= 1
            }
            return false
        case .repeated(let node, let minimum, let maximum):
            if maximum > 0 {
                let less = Node.repeated(node, minimum: max(0, minimum - 1), maximum: maximum - 1)
                let matched = match([node], text, place) { end in
                    // A turn that consumed nothing would go on for ever.
                    (end > place || minimum > 0) && match([less] + rest, text, end, accept)
                }
                if matched { return true }
            }
            return minimum == 0 && match(rest, text, place, accept)
        }
    }
}
