/// One value of a ``JSONDocument``.
public struct JSONValue: Sendable {
    public enum Kind: UInt8, Sendable, Hashable {
        case null, boolean, number, string, array, object
    }

    let document: JSONDocument
    let place: Int

    private var node: JSONNode { document.nodes[place] }

    public var kind: Kind { node.kind }

    /// A string's text with escapes undone; nil for other values, and for a text with a lone surrogate.
    public var string: String? { kind == .string ? text(of: node) : nil }

    /// A number as the source writes it, such as `100.00`.
    public var numberText: String? { kind == .number ? text(of: node) : nil }

    public var boolean: Bool? { kind == .boolean ? node.marks.contains(.isTrue) : nil }

    /// An array's elements; none for other values.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var elements: [JSONValue] = []
        var next = place + 1
        while next < node.end {
            elements.append(JSONValue(document: document, place: next))
            next = Int(document.nodes[next].end)
        }
        return elements
    }

    /// An object's members in the order of the source; none for other values. In a name, U+FFFD stands for
    /// each byte of a lone surrogate.
    public var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members: [(name: String, value: JSONValue)] = []
        var next = place + 1
        while next < node.end {
            let name = document.withTexts { String(decoding: $0(document.nodes[next]), as: UTF8.self) }
            members.append((name, JSONValue(document: document, place: next + 1)))
            next = Int(document.nodes[next + 1].end)
        }
        return members
    }

    /// The value of an object's member; nil if it has none of that name, or the value isn't an object.
    public subscript(name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        let wanted = Array(name.utf8)
        let found = wanted.withUnsafeBufferPointer { wanted in
            document.withTexts { texts -> Int? in
                var low = Int(node.start)
                var high = low + Int(node.count)
                while low < high {
                    let middle = (low + high) / 2
                    let place = Int(document.order[middle])
                    let difference = NameOrder.codePoint.compare(wanted, texts(document.nodes[place]))
                    if difference == 0 { return place + 1 }
                    if difference < 0 { high = middle } else { low = middle + 1 }
                }
                return nil
            }
        }
        return found.map { JSONValue(document: document, place: $0) }
    }

    /// The value as compact JSON, as ``JSONDocument/bytes`` describes it.
    public var bytes: [UInt8] {
        // Compact text has a way to write every value, so nothing is thrown.
        (try? document.write(.compact, at: place, order: document.order)) ?? []
    }

    /// The text to sign when this object is what is signed; see ``JSONDocument/canonical(_:)``.
    public func canonical(_ form: CanonicalForm) throws(SigningRefusal) -> [UInt8] {
        try document.canonical(form, at: place)
    }

    private func text(of node: JSONNode) -> String? {
        if node.marks.contains(.loneSurrogate) { return nil }
        return document.withTexts { String(decoding: $0(node), as: UTF8.self) }
    }
}
