extension ExactJSON {
    /// An object's member; nil if there is none, or the value isn't an object.
    public subscript(name: String) -> ExactJSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// A string, or a number's text: sites write either.
    public var string: String? {
        switch self {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    /// The exact value of a number or of a string that holds one; nil for anything else, the empty string too.
    public var decimal: ExactDecimal? { string.flatMap { ExactDecimal($0) } }

    public var elements: [ExactJSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    public var members: [String: ExactJSON]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Null, or a text, array or object without content.
    public var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .boolean, .number: false
        }
    }

    /// Whether a member of this name, with content, stands anywhere in the value.
    func mentions(_ name: String) -> Bool {
        switch self {
        case .array(let elements): elements.contains { $0.mentions(name) }
        case .object(let members):
            members.contains { $0.key == name && !$0.value.isEmpty || $0.value.mentions(name) }
        default: false
        }
    }

    /// The same value with every number as a string, as some sites want it.
    public var withNumbersAsStrings: ExactJSON {
        switch self {
        case .number(let text): .string(text)
        case .array(let elements): .array(elements.map(\.withNumbersAsStrings))
        case .object(let members): .object(members.mapValues(\.withNumbersAsStrings))
        default: self
        }
    }
}
