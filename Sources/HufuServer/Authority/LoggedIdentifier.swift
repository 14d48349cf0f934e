import ActivationCodes
import AuditLog
import Foundation

/// Identifiers that callers choose, such as the id of a request, stand in entries in the clear, and entries stay
/// for ever.
enum LoggedIdentifier {
    /// Whether a text may stand there: it has an identifier's form (docs/formats/audit-entry.md), is no activation
    /// code, and nothing in it looks like a secret or a personal value.
    static func permits(_ text: String) -> Bool {
        if isNobodys(text) || UUID(uuidString: text) != nil { return true }
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isPlain) else { return false }
        if (try? CodeSecret(parsing: text)) != nil { return false }
        return isUnchanged(text)
            && text.utf8.split { !isLetter($0) && !isDigit($0) }.allSatisfy {
                $0.allSatisfy(isHexadecimal) || isUnchanged(numbers(in: $0))
            }
    }

    /// Whether a text is plainly nobody's: too short for a code with too few digits for a number, as most nonces
    /// are, or a word that ends in all its digits, too many for a number, as fsi's `msgid`. It tells most calls'
    /// serial numbers at a hundredth of what the search costs.
    private static func isNobodys(_ text: String) -> Bool {
        var (digits, last, marks) = (0, 0, 0)
        for byte in text.utf8 {
            if isDigit(byte) {
                digits += 1
                last += 1
                continue
            }
            last = 0
            if isLetter(byte) { continue }
            guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") else { return false }
            marks += 1
        }
        let count = text.utf8.count
        return (1..<28).contains(count) && digits <= 10 && marks <= 3
            || (29...64).contains(count) && marks == 0 && digits == last && digits >= 19
    }

    /// The same for a role or a scope, in which a colon separates words and no secret from its name.
    static func permits(grant: String) -> Bool {
        grant.split(separator: ":").allSatisfy { permits(String($0)) }
    }

    private static func isUnchanged(_ text: String) -> Bool { Redaction.standard.message(text) == text }

    /// A word without its letters but an X behind a digit, so that a number right behind them stands free, as in
    /// `patient13812345678`. Not for hexadecimal words: there a number is chance.
    private static func numbers(in word: Substring.UTF8View) -> String {
        var previous: UInt8 = 0
        let bytes = word.map { byte in
            defer { previous = byte }
            let isCheck = byte | 0x20 == UInt8(ascii: "x") && isDigit(previous)
            return isDigit(byte) || isCheck ? byte : UInt8(ascii: ".")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "._:/+=#-".utf8.contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
