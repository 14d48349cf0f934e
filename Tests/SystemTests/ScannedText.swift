/// Swift source with everything but its code, or but its comments, blanked out; lines stay where they are.
struct ScannedText: Sendable {
    enum Kind { case code, comment, literal }

    struct Function: Equatable {
        var line: Int
        var lineCount: Int
    }

    let lines: [String]
    private let bytes: [UInt8]

    init(_ text: String, keeping kept: Kind) {
        var scanner = SwiftScanner(text)
        scanner.scanCode(inParentheses: false)
        let newline = UInt8(ascii: "\n")
        bytes = zip(scanner.bytes, scanner.kinds).map { byte, kind in
            kind == kept || byte == newline ? byte : UInt8(ascii: " ")
        }
        lines = bytes.split(separator: newline, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Numbers, from 1, of the lines in which the expression matches.
    func lines(containing expression: Regex<some Any>) -> [Int] {
        lines.indices.filter { lines[$0].contains(expression) }.map { $0 + 1 }
    }

    /// Functions, initializers and subscripts that have a body, from their keyword to their closing brace.
    var functions: [Function] {
        var functions: [Function] = []
        var line = 1
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            guard let word = word(at: index) else {
                index += 1
                continue
            }
            let isMember = index > 0 && bytes[index - 1] == UInt8(ascii: ".")
            index += word.utf8.count
            guard ["func", "init", "deinit", "subscript"].contains(word), !isMember else { continue }
            if let length = bodyEnd(from: index) {
                functions.append(Function(line: line, lineCount: length + 1))
            }
        }
        return functions
    }

    /// Lines from here to the brace that closes the body; nil where the declaration has none.
    private func bodyEnd(from start: Int) -> Int? {
        var (lines, depth, braces) = (0, 0, 0)
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"): lines += 1
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0 || braces > 0: braces += 1
            case UInt8(ascii: "}") where depth == 0 || braces > 0:
                braces -= 1
                if braces == 0 { return lines }
                if braces < 0 { return nil }
            default:
                guard braces == 0, depth == 0, let word = word(at: index) else { break }
                if ["func", "init", "deinit", "subscript", "var", "let", "case"].contains(word) {
                    return nil
                }
                index += word.utf8.count - 1
            }
            index += 1
        }
        return nil
    }

    /// The word that begins exactly here.
    private func word(at index: Int) -> String? {
        guard Self.isLetter(bytes[index]), index == 0 || !Self.isLetter(bytes[index - 1]) else { return nil }
        return String(decoding: bytes[index...].prefix(while: Self.isLetter), as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}

/// Tells code, comments and literals apart: no parser, and good enough for the code of this house.
private struct SwiftScanner {
    let bytes: [UInt8]
    var kinds: [ScannedText.Kind]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        kinds = Array(repeating: .code, count: bytes.count)
    }

    /// Up to the end, or past the parenthesis that closes the one here.
    mutating func scanCode(inParentheses: Bool) {
        var depth = 0
        while index < bytes.count {
            if at("//") {
                mark(.comment, while: { $0.bytes[$0.index] != UInt8(ascii: "\n") })
            } else if at("/*") {
                scanBlockComment()
            } else if let hashes = literalHashes(before: UInt8(ascii: "\"")) {
                scanString(hashes: hashes)
            } else if beginsRegex {
                scanRegex()
            } else {
                if at("(") { depth += 1 }
                if at(")") { depth -= 1 }
                index += 1
                if inParentheses, depth == 0 { return }
            }
        }
    }

    private func at(_ token: StaticString, hashes: Int = 0) -> Bool {
        let length = token.utf8CodeUnitCount
        guard index + length + hashes <= bytes.count else { return false }
        for offset in 0..<length where bytes[index + offset] != token.utf8Start[offset] { return false }
        return bytes[(index + length)..<(index + length + hashes)].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func mark(_ kind: ScannedText.Kind, count: Int = 1) {
        for _ in 0..<count where index < bytes.count {
            kinds[index] = kind
            index += 1
        }
    }

    private mutating func mark(_ kind: ScannedText.Kind, while isInside: (Self) -> Bool) {
        while index < bytes.count, isInside(self) { mark(kind) }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if at("/*") {
                depth += 1
                mark(.comment, count: 2)
            } else if at("*/") {
                depth -= 1
                mark(.comment, count: 2)
            } else {
                mark(.comment)
            }
        } while depth > 0 && index < bytes.count
    }

    /// How many `#` stand here before the delimiter; nil where no such literal begins.
    private func literalHashes(before delimiter: UInt8) -> Int? {
        let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
        guard index + hashes < bytes.count, bytes[index + hashes] == delimiter else { return nil }
        return hashes
    }

    private mutating func scanString(hashes: Int) {
        mark(.literal, count: hashes)
        let isMultiline = at("\"\"\"")
        mark(.literal, count: isMultiline ? 3 : 1)
        while index < bytes.count {
            if at("\\", hashes: hashes) {
                mark(.literal, count: 1 + hashes)
                if at("(") { scanCode(inParentheses: true) } else { mark(.literal) }
            } else if isMultiline ? at("\"\"\"", hashes: hashes) : at("\"", hashes: hashes) {
                return mark(.literal, count: (isMultiline ? 3 : 1) + hashes)
            } else if at("\n"), !isMultiline {
                return
            } else {
                mark(.literal)
            }
        }
    }

    /// A slash after an opening or an operator, not before a space, with its like on the same line.
    private var beginsRegex: Bool {
        if let hashes = literalHashes(before: UInt8(ascii: "/")), hashes > 0 { return true }
        guard at("/"), index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: " ") else { return false }
        let before = bytes[..<index].last { $0 != UInt8(ascii: " ") } ?? UInt8(ascii: "\n")
        guard "(,=:[{\n".utf8.contains(before) else { return false }
        let rest = bytes[(index + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        return rest.contains(UInt8(ascii: "/"))
    }

    private mutating func scanRegex() {
        let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
        mark(.literal, count: hashes + 1)
        while index < bytes.count, !at("\n") || hashes > 0 {
            if at("\\") {
                mark(.literal, count: 2)
            } else if at("/", hashes: hashes) {
                return mark(.literal, count: 1 + hashes)
            } else {
                mark(.literal)
            }
        }
    }
}
