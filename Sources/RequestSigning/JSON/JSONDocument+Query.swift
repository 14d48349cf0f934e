extension JSONDocument {
    /// The parameters of a query, `cardNo=1&name=%E5%BC%A0`, as an object of strings in their order.
    ///
    /// Names and values are percent-decoded once and a plus sign is a space, as in an HTML form; a name
    /// without an equals sign has the empty text, and nothing between two ampersands is passed over. An empty
    /// query is an empty object. Throws `invalid_query` for a percent sign without two hexadecimal digits,
    /// `invalid_utf8`, `duplicate_key` and `body_too_large`.
    public init(query: some StringProtocol, limits: JSONLimits = .standard) throws(SigningRefusal) {
        let source = Array(query.utf8)
        try limits.check(bytes: source.count)
        var tree = JSONTreeBuilder(sourceBytes: source.count)
        let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        let place = tree.open(.object)
        var count = 0
        for parameter in source.split(separator: UInt8(ascii: "&")) {
            let equals = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.endIndex
            try tree.appendDecoding(parameter[..<equals])
            tree.markName(over: none)
            try tree.appendDecoding(parameter[equals...].dropFirst())
            count += 1
        }
        try tree.closeObject(place, count: count, over: none)
        self.init(source: [], tree)
    }
}

extension JSONTreeBuilder {
    /// Adds a string from one side of a query's parameter.
    fileprivate mutating func appendDecoding(_ text: ArraySlice<UInt8>) throws(SigningRefusal) {
        let start = aside.count
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): aside.append(0x20)
            case UInt8(ascii: "%"):
                guard text.endIndex - index > 2, let high = HexDigit.value(text[index + 1]),
                    let low = HexDigit.value(text[index + 2])
                else {
                    throw SigningRefusal(
                        .invalidQuery, "A percent sign in the query needs two hexadecimal digits behind it.")
                }
                aside.append(high << 4 | low)
                index += 2
            case let byte: aside.append(byte)
            }
            index += 1
        }
        let marks = aside.withUnsafeBufferPointer {
            TextScan.marks(of: UnsafeBufferPointer(rebasing: $0[start...]))
        }
        guard let marks else {
            throw SigningRefusal(
                .invalidUTF8, "A parameter of the query isn't UTF-8 when decoded.")
        }
        append(.string, marks.union(.aside), from: start, to: aside.count)
    }
}
