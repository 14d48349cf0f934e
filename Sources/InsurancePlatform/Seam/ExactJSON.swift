/// A JSON value whose numbers keep the text they came in, so that no amount passes through a binary fraction.
public enum ExactJSON: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number, as RFC 8259 writes it.
    case number(String)
    case string(String)
    case array([ExactJSON])
    case object([String: ExactJSON])
}
