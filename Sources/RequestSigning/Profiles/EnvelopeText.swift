/// The text an `envelope` signs, and the outer members it is made of (section D, steps 2 and 4).
enum EnvelopeText {
    /// What step 2 leaves out, and `data`, which the text holds in the clear.
    private static let dropped: Set<String> = ["signData", "encData", "extra", "data"]

    /// The members that are signed beside `data`.
    ///
    /// - Throws: `envelope_malformed` unless each is a string, a number or a boolean that can't pass for a
    ///   part of the text: its name plain, no ampersand in its value.
    static func members(of body: JSONDocument) throws(SigningRefusal) -> [(String, String)] {
        var members: [(String, String)] = []
        for (name, value) in body.root.members where value.kind != .null && !dropped.contains(name) {
            let text = value.string ?? value.numberText ?? value.boolean.map(String.init)
            guard let text, !text.utf8.contains(UInt8(ascii: "&")), isPlain(name) else {
                throw malformed(
                    "Beside its data an envelope holds plain names with strings without ampersands.")
            }
            members.append((name, text))
        }
        return members
    }

    /// The sorted `k=v` joined with `&`, without `&key=<appSecret>` at the end.
    static func joined(
        _ members: [(String, String)], data: [UInt8], order: KeyOrder
    ) -> [UInt8] {
        var pairs = members.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        pairs.append((Array("data".utf8), data))
        let order: NameOrder = order == .codePoint ? .codePoint : .caseInsensitive
        pairs.sort { a, b in
            a.0.withUnsafeBufferPointer { a in b.0.withUnsafeBufferPointer { b in order.compare(a, b) < 0 } }
        }
        var text: [UInt8] = []
        for (name, value) in pairs {
            if !text.isEmpty { text.append(UInt8(ascii: "&")) }
            text += name
            text.append(UInt8(ascii: "="))
            text += value
        }
        return text
    }

    static func malformed(_ detail: String) -> SigningRefusal {
        SigningRefusal(.envelopeMalformed, detail)
    }

    /// 1–16 digits and dots.
    static func isVersion(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { FieldName.isDigit($0) || $0 == UInt8(ascii: ".") }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                FieldName.isLower($0) || FieldName.isUpper($0) || FieldName.isDigit($0)
                    || $0 == UInt8(ascii: "_")
            }
    }
}
