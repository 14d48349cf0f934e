/// Reads the structured fields of RFC 8941 that carry signatures, one part at a time, from the value's bytes.
///
/// The general parser of RawStructuredFieldValues builds strings and maps for whole fields; a gateway reads
/// these three fields of every call, so here nothing is built that the signature base does not need.
/// Stricter than the RFC in one point: a name that occurs twice is an error, not an override.
struct StructuredFieldScanner {
    /// The field is not a structured field of the expected type.
    struct Malformed: Error {}

    enum BareItem {
        case integer(Int64)
        case string(String)
        case boolean(Bool)
        /// A byte sequence; the range of its Base64 text.
        case byteSequence(Range<Int>)
        /// A decimal or a token: well-formed, and of no use to a signature.
        case other
    }

    let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        skipSpaces()
    }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skip(_ symbol: UInt8) -> Bool {
        guard next == symbol else { return false }
        position += 1
        return true
    }

    mutating func expect(_ symbol: UInt8) throws(Malformed) {
        guard skip(symbol) else { throw Malformed() }
    }

    /// Skips spaces; says whether there was one.
    @discardableResult
    mutating func skipSpaces() -> Bool {
        let start = position
        while next == UInt8(ascii: " ") { position += 1 }
        return position > start
    }

    /// After a member of a dictionary: true if another follows (§4.2.2: no comma may end the field).
    mutating func nextMember() throws(Malformed) -> Bool {
        while next == UInt8(ascii: " ") || next == 0x09 { position += 1 }
        if isAtEnd { return false }
        try expect(UInt8(ascii: ","))
        while next == UInt8(ascii: " ") || next == 0x09 { position += 1 }
        if isAtEnd { throw Malformed() }
        return true
    }

    /// A key (§4.2.3.3); ASCII.
    mutating func key() throws(Malformed) -> String {
        let start = position
        guard let first = next, Self.isLowercase(first) || first == UInt8(ascii: "*") else {
            throw Malformed()
        }
        while let byte = next, Self.continuesKey(byte) { position += 1 }
        return text(start..<position)
    }

    /// An item without its parameters (§4.2.3.1); appends its strict serialization where that can differ.
    mutating func bareItem(appendingTo text: inout [UInt8]) throws(Malformed) -> BareItem {
        guard let first = next else { throw Malformed() }
        switch first {
        case UInt8(ascii: "\""): return .string(try string(appendingTo: &text))
        case UInt8(ascii: ":"): return .byteSequence(try byteSequence())
        case UInt8(ascii: "?"): return .boolean(try boolean())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(appendingTo: &text)
        case _ where Self.isLetter(first) || first == UInt8(ascii: "*"):
            while let byte = next, Self.continuesToken(byte) { position += 1 }
            return .other
        default: throw Malformed()
        }
    }

    private mutating func boolean() throws(Malformed) -> Bool {
        position += 1
        if skip(UInt8(ascii: "1")) { return true }
        try expect(UInt8(ascii: "0"))
        return false
    }

    private mutating func byteSequence() throws(Malformed) -> Range<Int> {
        position += 1
        let start = position
        while let byte = next, Self.isBase64(byte) { position += 1 }
        let range = start..<position
        try expect(UInt8(ascii: ":"))
        return range
    }

    private mutating func number(appendingTo text: inout [UInt8]) throws(Malformed) -> BareItem {
        let isNegative = skip(UInt8(ascii: "-"))
        let start = position
        var value: Int64 = 0
        while let byte = next, Self.isDigit(byte) {
            guard position - start < 15 else { throw Malformed() }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            position += 1
        }
        let digits = position - start
        guard digits > 0 else { throw Malformed() }
        if skip(UInt8(ascii: ".")) {
            let fraction = position
            while let byte = next, Self.isDigit(byte) { position += 1 }
            guard digits <= 12, 1...3 ~= position - fraction else { throw Malformed() }
            return .other
        }
        if isNegative { value = -value }
        text.append(contentsOf: String(value).utf8)
        return .integer(value)
    }

    private mutating func string(appendingTo text: inout [UInt8]) throws(Malformed) -> String {
        let opening = position
        position += 1
        var hasEscapes = false
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard 0x20...0x7E ~= byte else { throw Malformed() }
            position += 1
            guard byte == UInt8(ascii: "\\") else { continue }
            hasEscapes = true
            guard next == UInt8(ascii: "\\") || next == UInt8(ascii: "\"") else { throw Malformed() }
            position += 1
        }
        let content = opening + 1..<position
        try expect(UInt8(ascii: "\""))
        let quoted = opening..<position
        bytes.withUnsafeBufferPointer { text.append(contentsOf: UnsafeBufferPointer(rebasing: $0[quoted])) }
        return hasEscapes ? unescaped(content) : self.text(content)
    }

    /// A part as a string, without the copies of the array that a slice would keep.
    private func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer {
            String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
        }
    }

    private func unescaped(_ content: Range<Int>) -> String {
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in bytes[content] {
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            if !isEscaped { plain.append(byte) }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}

extension StructuredFieldScanner {
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isLowercase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
    private static func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }

    private static func continuesKey(_ byte: UInt8) -> Bool {
        if isLowercase(byte) || isDigit(byte) { return true }
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "*"): return true
        default: return false
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        return byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }

    private static func continuesToken(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"),
            UInt8(ascii: ":"), UInt8(ascii: "/"):
            return true
        default: return false
        }
    }
}
