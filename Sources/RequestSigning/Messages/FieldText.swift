import HTTPTypes

/// Field values as signatures see them (RFC 9421 §2.1).
enum FieldText {
    /// The lines of a field, each without white space at its ends, joined with ", "; nil if there is none.
    static func combined(_ name: String, in fields: HTTPFields) -> [UInt8]? {
        var text: [UInt8] = []
        return append(name, in: fields, to: &text) ? text : nil
    }

    /// Appends the combined value; false if the message has no such field.
    static func append(_ name: String, in fields: HTTPFields, to text: inout [UInt8]) -> Bool {
        var isFirst = true
        for index in fields.indices where fields[index].name.canonicalName == name {
            // HTTP/2 may split cookies into lines, which belong together with a semicolon (RFC 9113 §8.2.3).
            if !isFirst { text.append(contentsOf: name == "cookie" ? "; ".utf8 : ", ".utf8) }
            isFirst = false
            fields[index].withUnsafeBytesOfValue { text.append(contentsOf: trimmed($0)) }
        }
        return !isFirst
    }

    /// Appends the lines as byte sequences (§2.1.3); false if the message has no such field.
    static func appendByteSequences(_ name: String, in fields: HTTPFields, to text: inout [UInt8]) -> Bool {
        var isFirst = true
        for index in fields.indices where fields[index].name.canonicalName == name {
            text.append(contentsOf: isFirst ? ":".utf8 : ", :".utf8)
            isFirst = false
            fields[index].withUnsafeBytesOfValue { ByteSequence.append(trimmed($0), to: &text) }
            text.append(UInt8(ascii: ":"))
        }
        return !isFirst
    }

    private static func trimmed(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = line.count
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while start < end, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: line[start..<end])
    }
}
