/// What becomes of a value.
enum RedactionRule: Sendable {
    case secret, phone, email, identity, personName, userAgent

    static let mark = "[REDACTED]"
    static let userAgentLength = 50

    func mask(_ text: String) -> String {
        switch self {
        case .secret: RedactionRule.mark
        case .phone: RedactionRule.phone(text)
        case .email: RedactionRule.email(text)
        case .identity: RedactionRule.identity(text)
        case .personName: text.isEmpty ? "" : text.prefix(1) + "**"
        case .userAgent: String(text.prefix(RedactionRule.userAgentLength))
        }
    }

    /// First three and last four digits of a number of at least eleven, behind its country code; a shorter
    /// one keeps nothing, because so many of its digits would nearly be all.
    private static func phone(_ text: String) -> String {
        guard !isMasked(text) else { return text }
        var digits = text.filter { $0.isASCII && $0.isNumber }
        var country = ""
        if digits.count > 11, digits.hasPrefix("86") {
            country = text.hasPrefix("+") ? "+86" : "86"
            digits.removeFirst(2)
        }
        guard digits.count >= 11 else { return "****" }
        return country + digits.prefix(3) + "****" + digits.suffix(4)
    }

    /// Whether it is what ``phone(_:)`` gives, so that masking twice is masking once.
    private static func isMasked(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        return parts.count == 5 && 3...6 ~= parts[0].count && parts[4].count == 4
            && parts[1...3].allSatisfy { $0.isEmpty }
    }

    private static func email(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return "***" }
        return text.prefix(1) + "***" + text[at...]
    }

    /// First three and last four; of a short number, such as a passport's, the first and the last two.
    private static func identity(_ text: String) -> String {
        let (first, last) = text.count >= 15 ? (3, 4) : text.count >= 8 ? (1, 2) : (0, 0)
        let stars = String(repeating: "*", count: text.count - first - last)
        return text.prefix(first) + stars + text.suffix(last)
    }
}
