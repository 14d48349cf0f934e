/// The forms that fields of policies and codes are held to.
enum FieldForm {
    /// Whether `text` has `lengths` ASCII characters, the first of `first`, the others of `others`.
    static func matches(
        _ text: String, _ lengths: ClosedRange<Int>, first: CharacterClass, others: CharacterClass
    ) -> Bool {
        let bytes = text.utf8
        guard lengths ~= bytes.count, let start = bytes.first else { return false }
        return first.contains(start) && bytes.dropFirst().allSatisfy(others.contains)
    }

    static func require(_ holds: Bool, _ field: String, _ allowed: String) throws(CodeFieldError) {
        guard holds else { throw CodeFieldError(field: field, allowed: allowed) }
    }

    static func require(_ number: Int, in range: ClosedRange<Int>, _ field: String) throws(CodeFieldError) {
        try require(range ~= number, field, "an integer from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Roles and scopes: at most 64, each `^[a-z][a-z0-9._:-]{0,63}$`.
    ///
    /// - Returns: the grants sorted, each once.
    static func grants(_ grants: [String], _ field: String) throws(CodeFieldError) -> [String] {
        let unique = Set(grants)
        try require(
            unique.count <= 64 && unique.allSatisfy(isGrant), field,
            "at most 64, each ^[a-z][a-z0-9._:-]{0,63}$")
        return unique.sorted()
    }

    static func isGrant(_ text: String) -> Bool {
        matches(
            text, 1...64, first: .lowercase, others: [.lowercase, .digits, .dotHyphen, .underscore, .colon])
    }
}

/// A set of ASCII characters, as a union of the few groups that names are made of.
struct CharacterClass: OptionSet {
    let rawValue: UInt8

    static let lowercase = CharacterClass(rawValue: 1)
    static let uppercase = CharacterClass(rawValue: 2)
    static let digits = CharacterClass(rawValue: 4)
    static let hyphen = CharacterClass(rawValue: 8)
    static let dot = CharacterClass(rawValue: 16)
    static let underscore = CharacterClass(rawValue: 32)
    static let colon = CharacterClass(rawValue: 64)
    static let dotHyphen: CharacterClass = [.dot, .hyphen]

    func contains(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): contains(.lowercase)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): contains(.uppercase)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): contains(.digits)
        case UInt8(ascii: "-"): contains(.hyphen)
        case UInt8(ascii: "."): contains(.dot)
        case UInt8(ascii: "_"): contains(.underscore)
        case UInt8(ascii: ":"): contains(.colon)
        default: false
        }
    }
}
