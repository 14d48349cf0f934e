/// The platform's own identifiers on the wire: a letter's worth of purpose in front of a row's number.
enum Identifier {
    static func visit(_ id: Int64) -> String { "44M\(padded(id))" }
    static func settlement(_ id: Int64) -> String { "44S\(padded(id))" }

    /// Nil for what isn't such an identifier.
    static func visit(_ text: String) -> Int64? { number(text, "44M") }
    static func settlement(_ text: String) -> Int64? { number(text, "44S") }

    private static func number(_ text: String, _ prefix: String) -> Int64? {
        guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 15 else { return nil }
        return Int64(text.dropFirst(prefix.utf8.count))
    }

    private static func padded(_ id: Int64) -> String {
        let digits = String(id)
        return String(repeating: "0", count: max(0, 15 - digits.utf8.count)) + digits
    }
}
