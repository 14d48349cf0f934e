/// Reads one JSON text (RFC 8259) in one pass.
struct JSONParser {
    let source: UnsafeBufferPointer<UInt8>
    let depthLimit: Int
    var position = 0
    var tree: JSONTreeBuilder

    init(_ source: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.source = source
        self.depthLimit = depthLimit
        tree = JSONTreeBuilder(sourceBytes: source.count)
    }

    mutating func parse() throws(SigningRefusal) {
        try refuseByteOrderMark()
        skipSpace()
        try value(depth: 0)
        skipSpace()
        if position < source.count { throw malformed("something follows the value") }
    }

    /// UTF-8's mark, and those of UTF-16 in either byte order.
    private func refuseByteOrderMark() throws(SigningRefusal) {
        if source.starts(with: [0xEF, 0xBB, 0xBF]) || source.starts(with: [0xFE, 0xFF])
            || source.starts(with: [0xFF, 0xFE])
        {
            throw SigningRefusal(
                .byteOrderMark, "The body starts with a byte order mark; send UTF-8 without one.")
        }
    }

    /// The byte at the position; 0, which no JSON text holds, at the end.
    @inline(__always)
    private var next: UInt8 { position < source.count ? source[position] : 0 }

    @inline(__always)
    private mutating func skipSpace() {
        while position < source.count {
            let byte = source[position]
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(SigningRefusal) {
        switch next {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "t"): try literal("true", .boolean, .isTrue)
        case UInt8(ascii: "f"): try literal("false", .boolean)
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw malformed("a value is expected")
        }
    }

    private mutating func object(depth: Int) throws(SigningRefusal) {
        if depth > depthLimit { throw tooDeep() }
        let place = tree.open(.object)
        position += 1
        skipSpace()
        var count = 0
        if next != UInt8(ascii: "}") {
            while true {
                guard next == UInt8(ascii: "\"") else {
                    throw malformed("a name in quotation marks is expected")
                }
                try string()
                tree.markName(over: source)
                count += 1
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw malformed("a colon is expected") }
                position += 1
                skipSpace()
                try value(depth: depth)
                skipSpace()
                let byte = next
                if byte == UInt8(ascii: "}") { break }
                guard byte == UInt8(ascii: ",") else {
                    throw malformed("a comma or a closing brace is expected")
                }
                position += 1
                skipSpace()
            }
        }
        position += 1
        try tree.closeObject(place, count: count, over: source)
    }

    private mutating func array(depth: Int) throws(SigningRefusal) {
        if depth > depthLimit { throw tooDeep() }
        let place = tree.open(.array)
        position += 1
        skipSpace()
        var count = 0
        if next != UInt8(ascii: "]") {
            while true {
                try value(depth: depth)
                count += 1
                skipSpace()
                let byte = next
                if byte == UInt8(ascii: "]") { break }
                guard byte == UInt8(ascii: ",") else {
                    throw malformed("a comma or a closing bracket is expected")
                }
                position += 1
                skipSpace()
            }
        }
        position += 1
        tree.closeArray(place, count: count)
    }

    private mutating func literal(
        _ text: StaticString, _ kind: JSONValue.Kind, _ marks: JSONNode.Marks = []
    ) throws(SigningRefusal) {
        let end = position + text.utf8CodeUnitCount
        guard end <= source.count else { throw malformed("a value is expected") }
        for offset in 0..<text.utf8CodeUnitCount where source[position + offset] != text.utf8Start[offset] {
            throw malformed("a value is expected")
        }
        tree.append(kind, marks, from: position, to: end)
        position = end
    }

    private mutating func number() throws(SigningRefusal) {
        let start = position
        var marks: JSONNode.Marks = []
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if next == UInt8(ascii: ".") {
            marks = .fractional
            position += 1
            try digits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            marks = .fractional
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        tree.append(.number, marks, from: start, to: position)
    }

    private mutating func digits() throws(SigningRefusal) {
        let start = position
        while position < source.count, source[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        if position == start { throw malformed("a digit is expected") }
    }

    @inline(never)
    func malformed(_ what: String) -> SigningRefusal {
        SigningRefusal(.invalidJSON, "At byte \(position) of \(source.count) \(what).")
    }

    @inline(never)
    private func tooDeep() -> SigningRefusal {
        SigningRefusal(.tooDeep, "Arrays and objects may be nested \(depthLimit) deep.")
    }
}
