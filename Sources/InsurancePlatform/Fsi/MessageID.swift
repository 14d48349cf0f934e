/// `msgid`: the institution's code (12), the time in China to the second (14) and a number in that second (4).
public struct MessageID: Sendable, Hashable, CustomStringConvertible {
    public static let length = 30
    static let mostInASecond = 10_000

    /// All 30 characters.
    public let text: String

    /// - Parameters:
    ///   - second: unix seconds.
    ///   - sequence: 0…9999.
    /// - Throws: `malformed_field` unless the code is 12 letters and digits and the sequence has four digits.
    public init(fixmedinsCode: String, second: Int64, sequence: Int) throws(FsiError) {
        try Self.check(fixmedinsCode)
        guard (0..<Self.mostInASecond).contains(sequence) else {
            throw FsiError(.malformedField, field: "msgid", "the sequence has four digits")
        }
        self.init(code: fixmedinsCode, second: second, sequence: sequence)
    }

    /// Reads an identifier; nil if it isn't of the form.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.isPlain),
            ChinaTime.milliseconds(text.dropFirst(12).prefix(14), .compact) != nil,
            Int(text.suffix(4)) != nil
        else { return nil }
        self.text = String(text)
    }

    init(code: String, second: Int64, sequence: Int) {
        let number = String(sequence)
        let padding = String(repeating: "0", count: max(0, 4 - number.utf8.count))
        let milliseconds = second.multipliedReportingOverflow(by: 1000)
        let time = ChinaTime.text(milliseconds.overflow ? 0 : milliseconds.partialValue, .compact)
        text = code + time + padding + number
    }

    public var fixmedinsCode: String { String(text.prefix(12)) }

    /// Unix seconds.
    public var second: Int64 {
        (ChinaTime.milliseconds(text.dropFirst(12).prefix(14), .compact) ?? 0) / 1000
    }

    public var sequence: Int { Int(text.suffix(4)) ?? 0 }

    public var description: String { text }

    static func check(_ code: String) throws(FsiError) {
        guard code.utf8.count == 12, code.utf8.allSatisfy(isPlain) else {
            throw FsiError(
                .malformedField, field: "fixmedins_code", "an institution's code is 12 letters and digits")
        }
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
