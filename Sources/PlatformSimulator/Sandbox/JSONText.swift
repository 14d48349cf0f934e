/// Compact JSON of the control API and of problem documents, members in the order given.
struct JSONText: Sendable {
    private(set) var text: String

    private init(_ text: String) { self.text = text }

    var bytes: [UInt8] { Array(text.utf8) }

    static let null = JSONText("null")
    static func string(_ value: String?) -> JSONText { value.map { JSONText(quoted($0)) } ?? null }
    static func number(_ value: some FixedWidthInteger) -> JSONText { JSONText("\(value)") }
    /// Not for amounts.
    static func fraction(_ value: Double) -> JSONText { JSONText(value.isFinite ? "\(value)" : "0") }
    static func boolean(_ value: Bool) -> JSONText { JSONText(value ? "true" : "false") }
    /// What is JSON already.
    static func raw(_ bytes: [UInt8]) -> JSONText { JSONText(String(decoding: bytes, as: UTF8.self)) }
    static func array(_ values: [JSONText]) -> JSONText {
        JSONText("[" + values.map(\.text).joined(separator: ",") + "]")
    }
    static func object(_ members: KeyValuePairs<String, JSONText>) -> JSONText {
        JSONText("{" + members.map { quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}")
    }

    /// Without the members that are nil.
    static func present(_ members: KeyValuePairs<String, JSONText?>) -> JSONText {
        let known = members.compactMap { name, value in value.map { quoted(name) + ":" + $0.text } }
        return JSONText("{" + known.joined(separator: ",") + "}")
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            // A page that embeds this must not end early.
            case "<": quoted += "\\u003c"
            case _ where scalar.value < 0x20:
                quoted += "\\u00" + Hexadecimal.text([UInt8(scalar.value)])
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
