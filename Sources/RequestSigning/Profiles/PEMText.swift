/// The bytes in a PEM text (RFC 7468), for the keys whose library reads DER only.
enum PEMText {
    /// Nil unless the text is one block with the label.
    static func bytes(_ text: String, label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces }.filter { !$0.isEmpty }
        guard lines.count > 2, lines.first == "-----BEGIN \(label)-----",
            lines.last == "-----END \(label)-----"
        else { return nil }
        return ByteSequence.decode(Array(lines.dropFirst().dropLast().joined().utf8)[...])
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
