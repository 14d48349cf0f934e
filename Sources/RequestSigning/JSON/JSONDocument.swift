/// A parsed JSON text (RFC 8259): a flat tree over its source bytes, which keeps the text of every number.
///
/// It is immutable, costs 16 bytes a value beside its source, and is cheap to copy.
public struct JSONDocument: Sendable {
    let source: [UInt8]
    let aside: [UInt8]
    let nodes: [JSONNode]
    /// For every object a run of the places of its names, by code point.
    let order: [UInt32]
    /// Some name holds a character beyond ASCII.
    let hasWideNames: Bool

    /// Parses a text in UTF-8 without a byte order mark.
    ///
    /// Throws `body_too_large`, `byte_order_mark`, `invalid_utf8`, `invalid_json`, `too_deep`, or
    /// `duplicate_key` when two names of one object are the same after their escapes are undone.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(SigningRefusal) {
        try limits.check(bytes: bytes.count)
        let tree = try bytes.withUnsafeBufferPointer { buffer throws(SigningRefusal) -> JSONTreeBuilder in
            var parser = JSONParser(buffer, depthLimit: limits.usableDepth)
            try parser.parse()
            return parser.tree
        }
        self.init(source: bytes, tree)
    }

    init(source: [UInt8], _ tree: JSONTreeBuilder) {
        self.source = source
        aside = tree.aside
        nodes = tree.nodes
        order = tree.order
        hasWideNames = tree.hasWideNames
    }

    init(_ other: JSONDocument, nodes: [JSONNode], aside: [UInt8], order: [UInt32]) {
        source = other.source
        hasWideNames = other.hasWideNames
        self.aside = aside
        self.nodes = nodes
        self.order = order
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(document: self, place: 0) }

    public var isObject: Bool { nodes.first?.kind == .object }

    /// Compact JSON in the order of the source: no white space, raw UTF-8, numbers as they were written. A
    /// lone surrogate keeps its escape.
    public var bytes: [UInt8] { root.bytes }

    /// The value of the outermost object's member `name`; nil if there is none, or the document isn't an
    /// object.
    public subscript(name: String) -> JSONValue? { root[name] }

    /// The value reached through the members named, outermost first; the root if none is.
    public func value(at path: [String]) -> JSONValue? {
        var value = root
        for name in path {
            guard let member = value[name] else { return nil }
            value = member
        }
        return value
    }

    /// The text, with escapes undone, of the string reached through the members named; nil if there is none,
    /// or it holds a lone surrogate.
    public func string(at path: String...) -> String? {
        value(at: path)?.string
    }

    /// The text to sign. Throws `not_an_object`, `number_out_of_range`, or (``CanonicalForm/jcs`` and
    /// ``CanonicalForm/envelope(_:)``) `lone_surrogate`.
    public func canonical(_ form: CanonicalForm) throws(SigningRefusal) -> [UInt8] {
        try root.canonical(form)
    }

    /// One object with the members of both, this document's first: a body and the parameters of its query.
    ///
    /// Throws `not_an_object`, or `duplicate_key` when both hold a name.
    public func merging(_ other: JSONDocument) throws(SigningRefusal) -> JSONDocument {
        guard isObject, other.isObject else {
            throw SigningRefusal(
                .notAnObject, "Only a JSON object can be joined with the query's parameters.")
        }
        if other.nodes.count == 1 { return self }
        if nodes.count == 1 { return other }
        let joined = bytes.dropLast() + [UInt8(ascii: ",")] + other.bytes.dropFirst()
        return try JSONDocument(parsing: Array(joined), limits: .largest)
    }

    func withTexts<Value>(_ body: (JSONTexts) -> Value) -> Value {
        source.withUnsafeBufferPointer { source in
            aside.withUnsafeBufferPointer { aside in
                body(JSONTexts(source: source, aside: aside))
            }
        }
    }
}
