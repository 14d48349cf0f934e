import ActivationCodes
import AuditLog
import Foundation

/// Identifiers that callers choose, such as the id of a request, stand in entries in the clear, and entries stay
/// for ever.
enum LoggedIdentifier {
    /// Whether a text may stand there: it has an identifier's form (docs/formats/audit-entry.md), is no activation
    /// code, and nothing in it looks like a secret or a personal value.
    static func permits(_ text: String) -> Bool {
        if UUID(uuidString: text) != nil { return true }
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isPlain) else { return false }
        if (try? CodeSecret(parsing: text)) != nil { return false }
        return isUnchanged(text)
            && text.utf8.split { !isLetter($0) && !isDigit($0) }.allSatisfy {
                $0.allSatisfy(isHexadecimal) || isUnchanged(numbers(in: $0))
            }
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
