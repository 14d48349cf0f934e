/// How the names of a document's fields are spelled.
public enum NameStyle: String, Sendable, Hashable, CaseIterable {
    /// `card_no`: the style of the wire and of signed text.
    case snakeCase
    /// `cardNo`: what many clients hold in memory.
    case camelCase
}
