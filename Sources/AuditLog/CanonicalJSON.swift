extension JSON {
    /// The one canonical form (RFC 8785): no white space, keys in order of their UTF-16 code units, numbers
    /// as ECMAScript prints them, `-0` as `0`.
    ///
    /// An `integer` beyond ±2^53 is written with all its digits, which no reader that holds numbers as
    /// doubles reproduces: such values belong in strings. Traps on a `number` that is not finite.
    public func canonical() -> [UInt8] {
        var writer = CanonicalJSON()
        writer.write(self)
        return writer.bytes
    }

    /// ``canonical()`` as a string.
    public var canonicalText: String { String(decoding: canonical(), as: UTF8.self) }
}

/// Writes canonical JSON into an array of bytes. Who writes an object's members one by one keeps their order.
package struct CanonicalJSON {
    package internal(set) var bytes: [UInt8] = []

    package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    package mutating func write(_ value: JSON) {
        switch value {
        case .null: write(raw: "null")
        case .bool(true): write(raw: "true")
        case .bool(false): write(raw: "false")
        case .integer(let integer): write(integer)
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            var first = true
            for element in elements {
                if first { first = false } else { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members): write(members)
        }
    }

    mutating func write(_ members: [String: JSON]) {
        bytes.append(UInt8(ascii: "{"))
        var sorted = Array(members)
        if sorted.count > 1 { sorted.sort { CanonicalJSON.precedes($0.key, $1.key) } }
        var first = true
        for (key, value) in sorted {
            if first { first = false } else { bytes.append(UInt8(ascii: ",")) }
            write(key)
            bytes.append(UInt8(ascii: ":"))
            write(value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends text that is JSON already.
    package mutating func write(raw text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func write(raw json: [UInt8]) { bytes.append(contentsOf: json) }

    /// A string of base64 (RFC 4648, section 4).
    package mutating func write(base64 octets: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        Base64.write(octets, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func write(_ integer: Int64) {
        var digits: InlineArray<20, UInt8> = InlineArray(repeating: 0)
        var start = 20
        var rest = integer.magnitude
        repeat {
            start -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        for index in start..<20 { bytes.append(digits[index]) }
    }

    mutating func write(_ number: Double) {
        ECMAScriptNumber.write(number, into: &self)
    }

    package mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let written: Void? = text.utf8.withContiguousStorageIfAvailable { writeEscaped($0) }
        if written == nil { Array(text.utf8).withUnsafeBufferPointer { writeEscaped($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies runs that need no escape at once.
    private mutating func writeEscaped(_ content: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<content.count {
            let byte = content[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[start..<index]))
            writeEscape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[start...]))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case 0x08: write(raw: "\\b")
        case 0x09: write(raw: "\\t")
        case 0x0A: write(raw: "\\n")
        case 0x0C: write(raw: "\\f")
        case 0x0D: write(raw: "\\r")
        case UInt8(ascii: "\""): write(raw: "\\\"")
        case UInt8(ascii: "\\"): write(raw: "\\\\")
        default:
            write(raw: "\\u00")
            bytes.append(Hexadecimal.digit(byte >> 4))
            bytes.append(Hexadecimal.digit(byte))
        }
    }

    /// Order by UTF-16 code units, decided on UTF-8.
    ///
    /// The two orders differ in one place: code points beyond U+FFFF (lead bytes F0 to F4) are surrogates in
    /// UTF-16 and so come before U+E000 to U+FFFF (lead bytes EE and EF).
    package static func precedes(_ left: String, _ right: String) -> Bool {
        let answer = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in precedes(left, right) }
        }
        return (answer ?? nil) ?? left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    private static func precedes(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] {
            return weight(left[index]) < weight(right[index])
        }
        return left.count < right.count
    }

    private static func weight(_ byte: UInt8) -> Int {
        byte < 0xF0 ? Int(byte) << 4 : 0xED << 4 + Int(byte - 0xEF)
    }
}
