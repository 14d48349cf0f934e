/// Bytes and values as people are shown them: nothing that moves a terminal's cursor, nothing endless.
enum ShownText {
    /// UTF-8 as it is, every other byte and every control character as `\xNN`.
    static func text(_ bytes: [UInt8], limit: Int = 4096) -> String {
        let part = bytes.prefix(limit)
        var text = ""
        var rest = part
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
            let piece = rest.prefix(length)
            let isControl = byte < 0x20 && byte != 0x0a || byte == 0x7f
            if !isControl, let character = String(validating: piece, as: UTF8.self) {
                text += shown(character)
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + HexText.encode([byte])
                rest = rest.dropFirst()
            }
        }
        return text + (bytes.count > limit ? " … (\(bytes.count) bytes)" : "")
    }

    static func line(_ text: String, limit: Int) -> String {
        Self.text(Array(text.utf8), limit: limit).split(separator: "\n").joined(separator: "\\n")
    }

    /// C1 controls and marks that reorder text move a terminal as well.
    private static func shown(_ character: String) -> String {
        guard let scalar = character.unicodeScalars.first else { return "" }
        switch scalar.properties.generalCategory {
        case .control where scalar != "\n", .format: return "\\u{" + String(scalar.value, radix: 16) + "}"
        default: return character
        }
    }
}
