/// A transaction of the platform with its input and its answer as types. It doesn't know which transport
/// carries it.
///
/// Both sides read and write it: the client writes ``input`` and reads the answer, the sandbox the reverse.
public protocol PlatformTransaction: Sendable, PersonalContent {
    associatedtype Answer: TransactionAnswer

    /// The transaction's number, such as `2207`.
    static var infno: String { get }
    /// The node or nodes of the envelope's `input`.
    var input: ExactJSON { get }
    /// - Throws: `missing_field`, `malformed_field` or `malformed_number`, with the field's path.
    init(input: ExactJSON) throws(FsiError)
    /// - Throws: as ``init(input:)``.
    static func answer(from output: ExactJSON) throws(FsiError) -> Answer
}

extension PlatformTransaction {
    public static func answer(from output: ExactJSON) throws(FsiError) -> Answer {
        try Answer(output: output)
    }
}

/// What a transaction's output holds.
public protocol TransactionAnswer: Sendable, Hashable, PersonalContent {
    init(output: ExactJSON) throws(FsiError)
    var output: ExactJSON { get }
}

/// The answer of a transaction that has no output node.
public struct EmptyAnswer: TransactionAnswer {
    public init() {}
    public init(output: ExactJSON) {}
    public var output: ExactJSON { .null }
}
