/// One way of writing business parameters as the text that is signed: a profile's own, or what a client's
/// library makes of it.
///
/// This writer knows what the verifier needn't know, and is never asked whether a request is right.
struct WrittenForm: Sendable {
    var order = MemberOrder.codePoint
    var numbers = NumberForm.python
    var escapes = TextEscapes.raw
    /// Between members, and after a name.
    var separators: (comma: String, colon: String) = (",", ":")
    /// In quotes, as the envelope has them.
    var quotesBooleans = false

    func write(_ value: FormValue) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, to: &bytes, isTop: true)
        return bytes
    }

    private func write(_ value: FormValue, to bytes: inout [UInt8], isTop: Bool) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let isTrue):
            let word = isTrue ? "true" : "false"
            bytes += (quotesBooleans ? "\"\(word)\"" : word).utf8
        case .number(let text): bytes += numbers.text(text).utf8
        case .string(let text): escapes.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes += separators.comma.utf8 }
                write(element, to: &bytes, isTop: false)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in order.sorted(members, isTop: isTop).enumerated() {
                if index > 0 { bytes += separators.comma.utf8 }
                escapes.write(member.name, to: &bytes)
                bytes += separators.colon.utf8
                write(member.value, to: &bytes, isTop: false)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
