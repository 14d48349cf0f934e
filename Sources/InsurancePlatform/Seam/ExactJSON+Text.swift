public import RequestSigning

extension ExactJSON {
    /// Reads a JSON text (RFC 8259).
    ///
    /// Throws what `JSONDocument` does, `lone_surrogate` for a text that no Swift string can hold, and
    /// `duplicate_key` for two names of an object that Unicode takes for the same.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(SigningRefusal) {
        var loss = Loss()
        self = ExactJSON(try JSONDocument(parsing: bytes, limits: limits).root, &loss)
        if loss.ofSurrogate {
            throw SigningRefusal(.loneSurrogate, "A text holds half of a surrogate pair.")
        }
        if loss.ofName {
            throw SigningRefusal(.duplicateKey, "An object holds two spellings of one name.")
        }
    }

    /// The value as far as Swift's strings can hold it: U+FFFD stands for a text with a lone surrogate.
    public init(_ value: JSONValue) {
        var loss = Loss()
        self.init(value, &loss)
    }

    private struct Loss {
        var ofSurrogate = false
        var ofName = false
    }

    private init(_ value: JSONValue, _ loss: inout Loss) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean ?? false)
        case .number: self = .number(value.numberText ?? "0")
        case .string:
            if value.string == nil { loss.ofSurrogate = true }
            self = .string(value.string ?? "\u{FFFD}")
        case .array:
            var elements: [ExactJSON] = []
            for element in value.elements { elements.append(ExactJSON(element, &loss)) }
            self = .array(elements)
        case .object:
            var members: [String: ExactJSON] = [:]
            for (name, member) in value.members {
                if members.updateValue(ExactJSON(member, &loss), forKey: name) != nil { loss.ofName = true }
            }
            self = .object(members)
        }
    }

    /// Compact JSON: raw UTF-8, no white space, names sorted by code point, numbers as they came.
    public func text() -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .boolean(let value): out += (value ? "true" : "false").utf8
        case .number(let text): out += text.utf8
        case .string(let text): Self.quote(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.quote(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0..<0x20:
                out += "\\u00".utf8
                out += [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
