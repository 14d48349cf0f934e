/// The words of one command line as a POSIX shell splits them, as bytes; `$'…'` is for `ShellEscape`.
///
/// What would need the shell's state (variables, commands) is refused with `shell_expansion` rather than
/// guessed. The command ends at an unquoted line end, `;`, `&`, `|`, `<` or `>`.
struct ShellWords {
    private var rest: ArraySlice<UInt8>
    private var words: [[UInt8]] = []
    /// The word being read; nil between words, since `''` is a word as well.
    private var word: [UInt8]?

    static func split(_ line: [UInt8]) throws(UnreadableRequest) -> [[UInt8]] {
        var reader = ShellWords(rest: line[...])
        try reader.read()
        return reader.words
    }

    private init(rest: ArraySlice<UInt8>) { self.rest = rest }

    private mutating func read() throws(UnreadableRequest) {
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: "\r") where rest.first == UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\n"):
                endWord()
                if !words.isEmpty { return }
            case UInt8(ascii: "<"), UInt8(ascii: ">"):
                // The digit of `2>` names a stream and is no word.
                if let open = word, open.allSatisfy({ (0x30...0x39).contains($0) }) { word = nil }
                endWord()
                return
            case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"):
                endWord()
                return
            case UInt8(ascii: "#") where word == nil: rest = rest.drop { $0 != UInt8(ascii: "\n") }
            default: try take(byte)
            }
        }
        endWord()
    }

    private mutating func take(_ byte: UInt8) throws(UnreadableRequest) {
        switch byte {
        case UInt8(ascii: "\\"):
            // Before a line end it joins two lines; pasted text may hold CR LF.
            let isLineEnd = rest.starts(with: "\n".utf8) || rest.starts(with: "\r\n".utf8)
            if isLineEnd {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            } else {
                append(rest.popFirst() ?? byte)
            }
        case UInt8(ascii: "'"): try takeSingleQuoted()
        case UInt8(ascii: "\""): try takeDoubleQuoted()
        case UInt8(ascii: "$") where rest.first == UInt8(ascii: "'"):
            rest = rest.dropFirst()
            try takeEscaped()
        default: try takeUnquoted(byte)
        }
    }

    private mutating func takeUnquoted(_ byte: UInt8) throws(UnreadableRequest) {
        if byte == UInt8(ascii: "`") || byte == UInt8(ascii: "$") && startsExpansion {
            throw UnreadableRequest(.shellExpansion)
        }
        append(byte)
    }

    private mutating func takeSingleQuoted() throws(UnreadableRequest) {
        guard let end = rest.firstIndex(of: UInt8(ascii: "'")) else { throw UnreadableRequest(.openQuote) }
        openWord()
        word?.append(contentsOf: rest[..<end])
        rest = rest[end...].dropFirst()
    }

    private mutating func takeDoubleQuoted() throws(UnreadableRequest) {
        openWord()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"):
                guard let next = rest.first else { throw UnreadableRequest(.openQuote) }
                if next == UInt8(ascii: "\n") {
                    rest = rest.dropFirst()
                } else if "\\\"$`".utf8.contains(next) {
                    rest = rest.dropFirst()
                    append(next)
                } else {
                    append(byte)
                }
            default: try takeUnquoted(byte)
            }
        }
        throw UnreadableRequest(.openQuote)
    }

    /// The inside of `$'…'`.
    private mutating func takeEscaped() throws(UnreadableRequest) {
        openWord()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "'") { return }
            if byte == UInt8(ascii: "\\") {
                word?.append(contentsOf: ShellEscape.take(from: &rest))
            } else {
                append(byte)
            }
        }
        throw UnreadableRequest(.openQuote)
    }

    /// Does what follows a `$` make it more than a dollar sign?
    private var startsExpansion: Bool {
        guard let next = rest.first else { return false }
        let letter = next | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            || "0123456789_({@*#?!$-".utf8.contains(next)
    }

    private mutating func append(_ byte: UInt8) {
        openWord()
        word?.append(byte)
    }

    private mutating func openWord() {
        if word == nil { word = [] }
    }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }
}
