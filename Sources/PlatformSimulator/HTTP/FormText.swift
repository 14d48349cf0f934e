/// `application/x-www-form-urlencoded`.
enum FormText {
    static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = decoded(String(parts[0]))
            if fields[name] == nil { fields[name] = parts.count > 1 ? decoded(String(parts[1])) : "" }
        }
        return fields
    }

    /// A value that can stand in a query.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + Hexadecimal.text([byte]).uppercased()
            }
        }.joined()
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let symbols = Array(text.utf8)
        var index = 0
        while index < symbols.count {
            if symbols[index] == UInt8(ascii: "%"), index + 2 < symbols.count,
                let byte = Hexadecimal.bytes(String(decoding: symbols[index + 1...index + 2], as: UTF8.self))
            {
                bytes += byte
                index += 3
            } else {
                bytes.append(symbols[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : symbols[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
