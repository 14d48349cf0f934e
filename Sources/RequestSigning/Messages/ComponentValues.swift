import HTTPTypes

/// Where the values of covered components come from: one message (RFC 9421 §2).
struct ComponentValues {
    private enum Control {
        case request(RequestTarget, method: String, authority: String?)
        case response(status: Int)
    }

    private let control: Control
    private let fields: HTTPFields
    private let kinds: [String: StructuredFieldKind]

    init(of request: HTTPRequest, kinds: [String: StructuredFieldKind]) {
        control = .request(
            RequestTarget(request), method: request.method.rawValue, authority: request.authority)
        fields = request.headerFields
        self.kinds = kinds
    }

    init(of response: HTTPResponse, kinds: [String: StructuredFieldKind]) {
        control = .response(status: response.status.code)
        fields = response.headerFields
        self.kinds = kinds
    }

    /// Appends the component's value.
    /// - Throws: `component_unsupported`, `component_missing`, `component_malformed`.
    func append(_ component: MessageComponent, to text: inout [UInt8]) throws(SigningRefusal) {
        let start = text.count
        if component.isDerived {
            try appendDerived(component, to: &text)
            guard Self.isPrintable(text[start...]), !Self.hasSpaceAtEnds(text[start...]) else {
                throw Self.malformed(component)
            }
        } else {
            try appendField(component, to: &text)
            guard Self.isPrintable(text[start...], allowingTabs: true) else {
                throw Self.malformed(component)
            }
        }
    }

    private func appendField(_ component: MessageComponent, to text: inout [UInt8]) throws(SigningRefusal) {
        let name = component.name
        switch component.parameter {
        case .none:
            if FieldText.append(name, in: fields, to: &text) { return }
            // HTTPTypes keeps the Host field as the request's authority.
            guard name == "host", case .request(_, _, let authority?) = control else {
                throw Self.missing(component)
            }
            text.append(contentsOf: authority.utf8)
        case .byteSequences:
            guard FieldText.appendByteSequences(name, in: fields, to: &text) else {
                throw Self.missing(component)
            }
        case .structuredField:
            guard let kind = kinds[name] else { throw Self.unsupported(component) }
            guard let value = FieldText.combined(name, in: fields) else { throw Self.missing(component) }
            guard let value = StrictField.serialize(value, as: kind) else { throw Self.malformed(component) }
            text.append(contentsOf: value)
        case .member(let key):
            if let kind = kinds[name], kind != .dictionary { throw Self.unsupported(component) }
            guard let value = FieldText.combined(name, in: fields) else { throw Self.missing(component) }
            guard let value = StrictField.serialize(member: key, of: value) else {
                throw Self.malformed(component)
            }
            text.append(contentsOf: value)
        case .queryParameter: throw Self.unsupported(component)
        }
    }

    private func appendDerived(_ component: MessageComponent, to text: inout [UInt8]) throws(SigningRefusal) {
        switch (control, component.name, component.parameter) {
        case (.request(_, let method, _), "@method", .none): text.append(contentsOf: method.utf8)
        case (.request(let target, _, _), "@path", .none):
            try append(target.path, of: component, to: &text)
        case (.request(let target, _, _), "@query", .none):
            text.append(UInt8(ascii: "?"))
            try append(target.query, of: component, to: &text)
        case (.request(let target, _, _), "@authority", .none):
            try append(target.authority, of: component, to: &text)
        case (.request(let target, _, _), "@target-uri", .none):
            try append(target.uri, of: component, to: &text)
        case (.request(let target, _, _), "@scheme", .none):
            try append(target.scheme, of: component, to: &text)
        case (.request(let target, _, _), "@request-target", .none):
            try append(target.requestTarget, of: component, to: &text)
        case (.request(let target, _, _), "@query-param", .queryParameter(let name)):
            guard let query = target.query else { throw Self.missing(component) }
            switch FormQuery.find(name, in: query) {
            case .value(let value): text.append(contentsOf: value)
            case .absent: throw Self.missing(component)
            case .repeated, .notUTF8: throw Self.malformed(component)
            }
        case (.response(let status), "@status", .none): text.append(contentsOf: String(status).utf8)
        default: throw Self.unsupported(component)
        }
    }

    private func append(
        _ value: (some StringProtocol)?, of component: MessageComponent, to text: inout [UInt8]
    ) throws(SigningRefusal) {
        guard let value else { throw Self.missing(component) }
        text.append(contentsOf: value.utf8)
    }

    /// No value may hold a line break, which would let it write lines of its own (§2.5).
    private static func isPrintable(_ value: ArraySlice<UInt8>, allowingTabs: Bool = false) -> Bool {
        value.allSatisfy { 0x20...0x7E ~= $0 || allowingTabs && $0 == 0x09 }
    }

    private static func hasSpaceAtEnds(_ value: ArraySlice<UInt8>) -> Bool {
        value.first == UInt8(ascii: " ") || value.last == UInt8(ascii: " ")
    }

    private static func unsupported(_ component: MessageComponent) -> SigningRefusal {
        SigningRefusal(.componentUnsupported, "The covered component \(component) is not supported here.")
    }

    private static func missing(_ component: MessageComponent) -> SigningRefusal {
        SigningRefusal(.componentMissing, "The message has no \(component), which the signature covers.")
    }

    private static func malformed(_ component: MessageComponent) -> SigningRefusal {
        SigningRefusal(.componentMalformed, "The value of \(component) cannot be signed as it is.")
    }
}
