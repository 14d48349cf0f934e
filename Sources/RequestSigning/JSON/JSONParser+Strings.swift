extension JSONParser {
    /// Reads a string whose opening quotation mark is at the position.
    mutating func string() throws(SigningRefusal) {
        position += 1
        let start = position
        var marks: JSONNode.Marks = []
        /// Where the unescaped text starts in the second buffer, once there is an escape.
        var unescaped = -1
        var run = start
        var here = start
        while true {
            here = TextScan.plainEnd(source, from: here)
            guard here < source.count else {
                position = here
                throw malformed("a string isn't closed")
            }
            let byte = source[here]
            if byte == UInt8(ascii: "\"") { break }
            if byte >= 0x80 {
                marks.insert(.wide)
                here = try wideEnd(from: here)
            } else if byte == UInt8(ascii: "\\") {
                if unescaped < 0 { unescaped = tree.aside.count }
                tree.aside.append(contentsOf: source[run..<here])
                position = here
                try escape(&marks)
                here = position
                run = here
            } else if byte == 0x7F {
                marks.insert(.delete)
                here += 1
            } else {
                position = here
                throw malformed("a control character stands in a string without an escape")
            }
        }
        position = here + 1
        if unescaped < 0 {
            tree.append(.string, marks, from: start, to: here)
        } else {
            tree.aside.append(contentsOf: source[run..<here])
            tree.append(.string, marks.union(.aside), from: unescaped, to: tree.aside.count)
        }
    }

    /// Where the characters beyond ASCII that start at `here` end.
    private mutating func wideEnd(from here: Int) throws(SigningRefusal) -> Int {
        var here = here
        repeat {
            let length = UTF8Form.length(source, at: here)
            if length == 0 {
                throw SigningRefusal(
                    .invalidUTF8, "The byte at \(here) isn't UTF-8; GBK and other encodings aren't accepted.")
            }
            here += length
        } while here < source.count && source[here] >= 0x80
        return here
    }

    /// Appends what the escape at the position stands for to the second buffer.
    private mutating func escape(_ marks: inout JSONNode.Marks) throws(SigningRefusal) {
        guard position + 1 < source.count else { throw malformed("an escape is cut off") }
        let letter = source[position + 1]
        let plain: UInt8
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): plain = letter
        case UInt8(ascii: "/"):
            tree.aside.append(letter)
            position += 2
            return
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0C
        case UInt8(ascii: "n"): plain = 0x0A
        case UInt8(ascii: "r"): plain = 0x0D
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"): return try unicodeEscape(&marks)
        default: throw malformed("an escape is unknown")
        }
        marks.insert(.escaped)
        tree.aside.append(plain)
        position += 2
    }

    private mutating func unicodeEscape(_ marks: inout JSONNode.Marks) throws(SigningRefusal) {
        guard var code = hexadecimal(at: position + 2) else {
            throw malformed("four hexadecimal digits are expected in an escape")
        }
        position += 6
        switch code {
        case 0xD800..<0xDC00:
            if position + 1 < source.count, source[position] == UInt8(ascii: "\\"),
                source[position + 1] == UInt8(ascii: "u"), let low = hexadecimal(at: position + 2),
                low >= 0xDC00, low < 0xE000
            {
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                position += 6
            } else {
                marks.insert(.loneSurrogate)
            }
            marks.insert(.wide)
        case 0xDC00..<0xE000: marks.formUnion([.loneSurrogate, .wide])
        case 0x80...: marks.insert(.wide)
        case 0x7F: marks.insert(.delete)
        case 0x22, 0x5C, 0..<0x20: marks.insert(.escaped)
        default: break
        }
        UTF8Form.append(code, to: &tree.aside)
    }

    private func hexadecimal(at start: Int) -> UInt32? {
        guard start + 4 <= source.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard let digit = HexDigit.value(source[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
