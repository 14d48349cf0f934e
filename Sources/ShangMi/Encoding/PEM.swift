/// One textual block (RFC 7468): a label and the bytes that its Base64 stands for.
struct PEM {
    let label: String
    private(set) var bytes: [UInt8]

    init(label: String, bytes: [UInt8]) {
        self.label = label
        self.bytes = bytes
    }

    /// The first block of `text` with one of the labels. What stands around blocks is skipped, as are blocks
    /// of other labels, such as the parameters that some tools write before a key.
    ///
    /// Refused with `invalidKeyEncoding`: no such block, a block without an end, headers (the encryption of
    /// old, outside of PKCS#8), and Base64 that isn't in its one form.
    init(_ text: String, labels: [String]) throws(ShangMiError) {
        var label: String?
        var base64: [UInt8] = []
        defer { base64.wipe() }
        for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let line = Self.trimmed(line)
            if let open = label {
                guard line != Self.line("END", open) else {
                    self.init(label: open, bytes: try Base64.decode(base64))
                    return
                }
                base64 += line
            } else {
                label = labels.first { line == Self.line("BEGIN", $0) }
            }
        }
        throw .invalidKeyEncoding
    }

    /// Wipes the bytes, where they are a private key's.
    mutating func wipe() { bytes.wipe() }

    /// The block with lines of 64 characters, the last of them ended too.
    var text: String {
        var base64 = Base64.encode(bytes)[...]
        var text = Self.line("BEGIN", label) + [0x0a]
        while !base64.isEmpty {
            text += base64.prefix(64) + [0x0a]
            base64 = base64.dropFirst(64)
        }
        return String(decoding: text + Self.line("END", label) + [0x0a], as: UTF8.self)
    }

    private static func line(_ marker: String, _ label: String) -> [UInt8] {
        Array("-----\(marker) \(label)-----".utf8)
    }

    /// Without the spaces and tabs at its end.
    private static func trimmed(_ line: Substring.UTF8View.SubSequence) -> [UInt8] {
        var line = Array(line)
        while line.last == 0x20 || line.last == 0x09 { line.removeLast() }
        return line
    }
}
