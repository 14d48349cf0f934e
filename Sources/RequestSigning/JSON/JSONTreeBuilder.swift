/// Collects the nodes of a document, sorts the names of each object as it closes, and refuses a name that
/// occurs twice.
struct JSONTreeBuilder {
    var nodes: [JSONNode] = []
    /// For every object a run of the places of its names, by code point.
    var order: [UInt32] = []
    var aside: [UInt8] = []
    var hasWideNames = false
    /// The names of the objects that are still open, innermost last.
    private var names: [NameKey] = []

    init(sourceBytes: Int) {
        nodes.reserveCapacity(sourceBytes / 8 + 8)
        order.reserveCapacity(sourceBytes / 24 + 8)
        names.reserveCapacity(32)
    }

    /// Adds a container whose end and count aren't known yet; returns its place.
    mutating func open(_ kind: JSONValue.Kind) -> Int {
        nodes.append(JSONNode(kind: kind, marks: [], start: 0, count: 0, end: 0))
        return nodes.count - 1
    }

    mutating func append(
        _ kind: JSONValue.Kind, _ marks: JSONNode.Marks = [], from start: Int = 0, to end: Int = 0
    ) {
        nodes.append(
            JSONNode(
                kind: kind, marks: marks, start: UInt32(truncatingIfNeeded: start),
                count: UInt32(truncatingIfNeeded: end - start),
                end: UInt32(truncatingIfNeeded: nodes.count + 1)))
    }

    /// Says that the node added last is a name of the innermost open object.
    mutating func markName(over source: UnsafeBufferPointer<UInt8>) {
        let place = nodes.count - 1
        let node = nodes[place]
        if node.marks.contains(.wide) { hasWideNames = true }
        let key = aside.withUnsafeBufferPointer {
            NameKey(node, place: place, texts: JSONTexts(source: source, aside: $0))
        }
        names.append(key)
    }

    mutating func closeArray(_ place: Int, count: Int) {
        nodes[place].count = UInt32(truncatingIfNeeded: count)
        nodes[place].end = UInt32(truncatingIfNeeded: nodes.count)
    }

    mutating func closeObject(
        _ place: Int, count: Int, over source: UnsafeBufferPointer<UInt8>
    ) throws(SigningRefusal) {
        let first = names.count - count
        let start = order.count
        let twice = aside.withUnsafeBufferPointer { aside -> String? in
            let texts = JSONTexts(source: source, aside: aside)
            NameKey.sort(&names, from: first, texts: texts)
            for index in first..<names.count {
                order.append(names[index].place)
                if index > first, names[index].compare(names[index - 1], texts: texts) == 0 {
                    return Self.excerpt(texts(names[index].node))
                }
            }
            return nil
        }
        if let twice {
            throw SigningRefusal(.duplicateKey, "The name \(twice) occurs twice in one object.")
        }
        names.removeLast(count)
        nodes[place].start = UInt32(truncatingIfNeeded: start)
        closeArray(place, count: count)
    }

    /// A name as a refusal may show it: in quotation marks, 64 bytes at most.
    static func excerpt(_ name: UnsafeBufferPointer<UInt8>) -> String {
        "\"" + String(decoding: name.prefix(64), as: UTF8.self) + (name.count > 64 ? "…\"" : "\"")
    }
}
