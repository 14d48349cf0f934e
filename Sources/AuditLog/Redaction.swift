/// Masks secrets and personal values before anything is written or shown: docs/formats/redaction.md.
public struct Redaction: Sendable {
    /// The one table.
    public static let standard = Redaction(table: .standard)

    let table: RedactionTable

    /// Masks each member by its key, and every other string by the patterns of ``message(_:)``; arrays and
    /// objects throughout. An object's keys stay.
    public func apply(_ value: JSON) -> JSON {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(message(text))
        case .array(let elements): .array(elements.map { apply($0) })
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in
                        (key, table.rule(forKey: key).map { apply($0, value) } ?? apply(value))
                    }))
        }
    }

    /// Masks a text that stands under a key.
    public func apply(key: String, _ text: String) -> String {
        table.rule(forKey: key)?.mask(text) ?? message(text)
    }

    /// Masks what looks like a secret or a personal value in free text: activation codes, JSON web tokens,
    /// bearer and basic credentials, `password=…` and its like, telephone numbers, e-mail addresses,
    /// identity-card numbers.
    public func message(_ text: String) -> String {
        var scanner = RedactionScanner(text, table: table)
        return scanner.redacted()
    }

    /// A secret goes whole, whatever its type; a personal value is masked in its strings and numbers.
    private func apply(_ rule: RedactionRule, _ value: JSON) -> JSON {
        switch value {
        case .null: .null
        case _ where rule == .secret: .string(RedactionRule.mark)
        case .string(let text): .string(rule.mask(text))
        case .integer(let number): .string(rule.mask(String(number)))
        case .bool, .number: value
        case .array(let elements): .array(elements.map { apply(rule, $0) })
        case .object: apply(value)
        }
    }
}
