public import ArgumentParser
public import RequestSigning

extension Profile: ExpressibleByArgument {
    static var idList: String { all.map(\.id).joined(separator: ", ") }

    public init?(argument: String) { self.init(id: argument) }

    public var defaultValueDescription: String { id }

    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    public static var allValueStrings: [String] { all.map(\.id) }
}

extension SignatureAlgorithm: ExpressibleByArgument {}
