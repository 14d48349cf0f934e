extension JSONDocument {
    /// The document with the names of all its objects, at every level, in the style given; see ``FieldName``.
    ///
    /// Throws `both_spellings` when two names of one object become the same.
    public func convertingNames(to style: NameStyle) throws(SigningRefusal) -> JSONDocument {
        var nodes = nodes
        var aside = aside
        let isChanged = withTexts { texts in
            var isChanged = false
            for place in order {
                let node = nodes[Int(place)]
                let start = aside.count
                guard FieldName.convert(texts(node), to: style, appendingTo: &aside) else { continue }
                isChanged = true
                nodes[Int(place)].marks = .aside
                nodes[Int(place)].start = UInt32(truncatingIfNeeded: start)
                nodes[Int(place)].count = UInt32(truncatingIfNeeded: aside.count - start)
            }
            return isChanged
        }
        guard isChanged else { return self }
        let renamed = JSONDocument(self, nodes: nodes, aside: aside, order: order)
        let sorted = JSONDocument(self, nodes: nodes, aside: aside, order: renamed.order(by: .codePoint))
        try sorted.refuseBothSpellings()
        return sorted
    }

    private func refuseBothSpellings() throws(SigningRefusal) {
        let twice = withTexts { texts -> String? in
            for node in nodes where node.kind == .object && node.count > 1 {
                let start = Int(node.start)
                for index in start + 1..<start + Int(node.count) {
                    let name = texts(nodes[Int(order[index])])
                    if NameOrder.codePoint.compare(texts(nodes[Int(order[index - 1])]), name) == 0 {
                        return JSONTreeBuilder.excerpt(name)
                    }
                }
            }
            return nil
        }
        if let twice {
            throw SigningRefusal(.bothSpellings, "One object spells the name \(twice) in two ways.")
        }
    }
}
