/// Writes one value of a tree, in a canonical form or as compact JSON in the order of the source.
struct CanonicalWriter: ~Copyable {
    enum Style {
        case compact, python, jcs, envelope
    }

    /// CPython refuses to read longer integers (`sys.int_info.default_max_str_digits`).
    private static let longestInteger = 4300

    private let style: Style
    private let nodes: UnsafeBufferPointer<JSONNode>
    private let order: UnsafeBufferPointer<UInt32>
    private let texts: JSONTexts
    private(set) var out: ByteWriter

    init(
        _ style: Style, nodes: UnsafeBufferPointer<JSONNode>, order: UnsafeBufferPointer<UInt32>,
        texts: JSONTexts
    ) {
        self.style = style
        self.nodes = nodes
        self.order = order
        self.texts = texts
        out = ByteWriter(capacity: texts.source.count + texts.source.count / 2)
    }

    /// Writes the value at `place`; if `strips`, text directly inside it loses the white space at its ends.
    mutating func value(at place: Int, strips: Bool = false) throws(SigningRefusal) {
        let node = nodes[place]
        switch node.kind {
        case .string: try string(texts(node), node.marks)
        case .number: try number(node)
        case .object:
            if style == .compact {
                try objectInSourceOrder(node, at: place)
            } else {
                try object(node, strips)
            }
        case .array: try array(node, at: place)
        case .boolean where style == .envelope: quoted(texts(node))
        case .boolean, .null: out.append(texts(node))
        }
    }

    private mutating func object(_ node: JSONNode, _ strips: Bool) throws(SigningRefusal) {
        out.append(UInt8(ascii: "{"))
        let first = Int(node.start)
        var isFirst = true
        for index in first..<first + Int(node.count) {
            let place = Int(order[index])
            if style == .envelope, isEmpty(nodes[place + 1]) { continue }
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            try string(texts(nodes[place]), nodes[place].marks)
            out.append(UInt8(ascii: ":"))
            let value = nodes[place + 1]
            if strips, value.kind == .string {
                try string(PythonSpace.strip(texts(value)), value.marks)
            } else {
                try self.value(at: place + 1)
            }
        }
        out.append(UInt8(ascii: "}"))
    }

    private mutating func objectInSourceOrder(_ node: JSONNode, at place: Int) throws(SigningRefusal) {
        out.append(UInt8(ascii: "{"))
        var next = place + 1
        while next < node.end {
            if next > place + 1 { out.append(UInt8(ascii: ",")) }
            try string(texts(nodes[next]), nodes[next].marks)
            out.append(UInt8(ascii: ":"))
            try value(at: next + 1)
            next = Int(nodes[next + 1].end)
        }
        out.append(UInt8(ascii: "}"))
    }

    private mutating func array(_ node: JSONNode, at place: Int) throws(SigningRefusal) {
        out.append(UInt8(ascii: "["))
        var isFirst = true
        var next = place + 1
        while next < node.end {
            let element = nodes[next]
            if style != .envelope || !isEmpty(element) {
                if !isFirst { out.append(UInt8(ascii: ",")) }
                isFirst = false
                try value(at: next)
            }
            next = Int(element.end)
        }
        out.append(UInt8(ascii: "]"))
    }

    /// What falls out of an envelope; judged by what the source holds, so `[""]` stays, as `[]`.
    private func isEmpty(_ node: JSONNode) -> Bool {
        switch node.kind {
        case .null: true
        case .string, .array: node.count == 0
        default: false
        }
    }

    private mutating func number(_ node: JSONNode) throws(SigningRefusal) {
        let text = texts(node)
        switch style {
        case .compact: out.append(text)
        case .envelope: quoted(text)
        case .python where !node.marks.contains(.fractional): try integer(text)
        case .jcs where !node.marks.contains(.fractional) && text.count <= 15: try integer(text)
        case .python: try double(text, .python)
        case .jcs: try double(text, .ecmaScript)
        }
    }

    private mutating func integer(_ text: UnsafeBufferPointer<UInt8>) throws(SigningRefusal) {
        let isNegative = text[0] == UInt8(ascii: "-")
        if text.count - (isNegative ? 1 : 0) > Self.longestInteger {
            throw SigningRefusal(
                .numberOutOfRange, "An integer has more than \(Self.longestInteger) digits.")
        }
        if isNegative, text[1] == UInt8(ascii: "0") {
            out.append(UInt8(ascii: "0"))
        } else {
            out.append(text)
        }
    }

    private mutating func double(
        _ text: UnsafeBufferPointer<UInt8>, _ style: JSONDecimal.Style
    ) throws(SigningRefusal) {
        guard let decimal = JSONDecimal(nearestDoubleTo: text) else {
            throw SigningRefusal(.numberOutOfRange, "A number is larger than any double.")
        }
        decimal.write(style, to: &out)
    }

    @inline(__always)
    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        let place = out.space(text.count + 2)
        place[0] = UInt8(ascii: "\"")
        if let source = text.baseAddress { (place + 1).update(from: source, count: text.count) }
        place[text.count + 1] = UInt8(ascii: "\"")
        out.advance(by: text.count + 2)
    }

    @inline(__always)
    private mutating func string(
        _ text: UnsafeBufferPointer<UInt8>, _ marks: JSONNode.Marks
    ) throws(SigningRefusal) {
        let special: JSONNode.Marks =
            style == .python ? [.wide, .escaped, .delete] : [.escaped, .loneSurrogate]
        if marks.isDisjoint(with: special) { return quoted(text) }
        if style == .python { return asciiString(text) }
        if marks.contains(.loneSurrogate), style != .compact {
            throw SigningRefusal(
                .loneSurrogate, "A text holds half a surrogate pair, which UTF-8 can't carry.")
        }
        rawString(text)
    }

    /// Python's `ensure_ascii`: everything outside printable ASCII as `\uXXXX`.
    private mutating func asciiString(_ text: UnsafeBufferPointer<UInt8>) {
        out.append(UInt8(ascii: "\""))
        var here = 0
        while here < text.count {
            let byte = text[here]
            if byte >= 0x80 {
                let (code, length) = UTF8Form.character(text, at: here)
                here += length
                if code < 0x10000 {
                    out.appendEscape(code)
                } else {
                    out.appendEscape(0xD800 + (code - 0x10000) >> 10)
                    out.appendEscape(0xDC00 + (code - 0x10000) & 0x3FF)
                }
            } else {
                if TextScan.isPlain(byte) { out.append(byte) } else { out.appendEscape(UInt32(byte)) }
                here += 1
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// RFC 8785, section 3.2.2.2; a lone surrogate, which only compact text may hold, keeps its escape.
    private mutating func rawString(_ text: UnsafeBufferPointer<UInt8>) {
        out.append(UInt8(ascii: "\""))
        var here = 0
        while here < text.count {
            let byte = text[here]
            if byte == 0xED, text[here + 1] >= 0xA0 {
                out.appendEscape(UTF8Form.character(text, at: here).code)
                here += 3
            } else {
                if byte >= 0x7F || TextScan.isPlain(byte) {
                    out.append(byte)
                } else {
                    out.appendEscape(UInt32(byte))
                }
                here += 1
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
