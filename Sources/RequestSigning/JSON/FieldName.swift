/// The spelling of a field's name, converted in either direction.
///
/// A name of another form than the one to convert from (PascalCase, ALLCAPS, a leading or doubled underscore,
/// anything beyond ASCII letters, digits and underscores) comes back as it is, so converting twice is
/// converting once.
public enum FieldName {
    /// `cardNo` → `card_no`, `patientID` → `patient_id`, `userIDCard` → `user_id_card`, `icd10Code` →
    /// `icd10_code`.
    ///
    /// Only a lowerCamelCase name is touched: an a–z first, then letters and digits, one of them A–Z. A word
    /// starts at every capital that follows a small letter or a digit, and at the last of several capitals if
    /// a small letter follows it. Several capitals are one word unless known acronyms make them up:
    /// `mdtrtIDURL` → `mdtrt_id_url`.
    public static func snakeCase(_ name: String) -> String {
        converted(name, to: .snakeCase)
    }

    /// `card_no` → `cardNo`, `patient_id` → `patientId`.
    ///
    /// Only a snake_case name is touched (an a–z first, then a–z, digits and single underscores), and only if
    /// ``snakeCase(_:)`` restores it: `line_2` and `user_i_d` stay.
    public static func camelCase(_ name: String) -> String {
        converted(name, to: .camelCase)
    }

    private static func converted(_ name: String, to style: NameStyle) -> String {
        var result: [UInt8] = []
        let isConverted = Array(name.utf8).withUnsafeBufferPointer {
            convert($0, to: style, appendingTo: &result)
        }
        return isConverted ? String(decoding: result, as: UTF8.self) : name
    }

    /// Appends the name in the other style; appends nothing and answers false if it stays as it is.
    static func convert(
        _ name: UnsafeBufferPointer<UInt8>, to style: NameStyle, appendingTo result: inout [UInt8]
    ) -> Bool {
        switch style {
        case .snakeCase:
            guard isCamelCase(name) else { return false }
            appendSnakeCase(name, to: &result)
            return true
        case .camelCase:
            guard isSnakeCase(name) else { return false }
            var camel: [UInt8] = []
            var startsWord = false
            for byte in name {
                if byte != underscore { camel.append(startsWord && isLower(byte) ? byte - 32 : byte) }
                startsWord = byte == underscore
            }
            var back: [UInt8] = []
            camel.withUnsafeBufferPointer { appendSnakeCase($0, to: &back) }
            guard back.elementsEqual(name) else { return false }
            result += camel
            return true
        }
    }

    private static func isCamelCase(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = name.first, isLower(first) else { return false }
        var hasCapital = false
        for byte in name {
            if isUpper(byte) { hasCapital = true } else if !isLower(byte), !isDigit(byte) { return false }
        }
        return hasCapital
    }

    private static func isSnakeCase(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = name.first, isLower(first) else { return false }
        return name.contains(underscore)
            && name.allSatisfy { isLower($0) || isDigit($0) || $0 == underscore }
    }

    private static func appendSnakeCase(_ name: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        var here = 0
        while here < name.count {
            let end = wordEnd(name, from: here)
            if here > 0 { result.append(underscore) }
            for byte in name[here..<end] { result.append(isUpper(byte) ? byte + 32 : byte) }
            here = end
        }
    }

    /// Where the word that starts at `start` ends.
    private static func wordEnd(_ name: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < name.count, isUpper(name[end]) { end += 1 }
        let acronym = Acronyms.length(in: name, from: start, capitalsEnd: end)
        if acronym > 0 {
            end = start + acronym
        } else if end - start > 1, end < name.count, isLower(name[end]) {
            // The last of several capitals belongs to the small letters behind it.
            return end - 1
        }
        while end < name.count, !isUpper(name[end]) { end += 1 }
        return end
    }

    private static let underscore = UInt8(ascii: "_")

    static func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
    static func isLower(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
