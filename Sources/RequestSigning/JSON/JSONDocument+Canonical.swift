extension JSONDocument {
    /// The bytes of the object at `place`, or a refusal.
    func canonical(_ form: CanonicalForm, at place: Int) throws(SigningRefusal) -> [UInt8] {
        guard nodes[place].kind == .object else {
            throw SigningRefusal(.notAnObject, "What is signed must be a JSON object.")
        }
        switch form {
        case .python:
            return try write(.python, at: place, order: order, strips: true)
        case .jcs:
            let order = hasWideNames ? order(by: .utf16) : order
            return try write(.jcs, at: place, order: order, strips: true)
        case .envelope(.codePoint):
            return try write(.envelope, at: place, order: order)
        case .envelope(.caseInsensitive):
            return try write(.envelope, at: place, order: order(by: .caseInsensitive))
        }
    }

    func write(
        _ style: CanonicalWriter.Style, at place: Int, order: [UInt32], strips: Bool = false
    ) throws(SigningRefusal) -> [UInt8] {
        try source.withUnsafeBufferPointer { source throws(SigningRefusal) -> [UInt8] in
            try aside.withUnsafeBufferPointer { aside throws(SigningRefusal) -> [UInt8] in
                try nodes.withUnsafeBufferPointer { nodes throws(SigningRefusal) -> [UInt8] in
                    try order.withUnsafeBufferPointer { order throws(SigningRefusal) -> [UInt8] in
                        var writer = CanonicalWriter(
                            style, nodes: nodes, order: order,
                            texts: JSONTexts(source: source, aside: aside))
                        try writer.value(at: place, strips: strips)
                        return writer.out.bytes
                    }
                }
            }
        }
    }

    /// The places of all names, every object's in the order given; ties stay in code-point order, because
    /// sorting is stable.
    func order(by nameOrder: NameOrder) -> [UInt32] {
        var result = order
        withTexts { texts in
            for node in nodes where node.kind == .object && node.count > 1 {
                let start = Int(node.start)
                result[start..<start + Int(node.count)].sort {
                    nameOrder.compare(texts(nodes[Int($0)]), texts(nodes[Int($1)])) < 0
                }
            }
        }
        return result
    }
}
