/// A JSON value whose numbers are still text and whose members stand in the order they came in.
indirect enum FormValue: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([FormValue])
    case object([Member])

    struct Member: Sendable {
        var name: String
        var value: FormValue
    }

    /// The value with every string in it, names included, put through a change.
    func mappingStrings(_ change: (String) -> String) -> FormValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(change(text))
        case .array(let elements): .array(elements.map { $0.mappingStrings(change) })
        case .object(let members):
            .object(members.map { Member(name: change($0.name), value: $0.value.mappingStrings(change)) })
        }
    }

    /// The value with every name in it put through a change.
    func mappingNames(_ change: (String) -> String) -> FormValue {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map { $0.mappingNames(change) })
        case .object(let members):
            .object(members.map { Member(name: change($0.name), value: $0.value.mappingNames(change)) })
        }
    }

    /// The value with every leaf in it put through a change.
    func mappingLeaves(_ change: (FormValue) -> FormValue) -> FormValue {
        switch self {
        case .null, .bool, .number, .string: change(self)
        case .array(let elements): .array(elements.map { $0.mappingLeaves(change) })
        case .object(let members):
            .object(members.map { Member(name: $0.name, value: $0.value.mappingLeaves(change)) })
        }
    }

    /// The value with every text in it that isn't a name put through a change.
    func mappingTexts(_ change: (String) -> String) -> FormValue {
        mappingLeaves { leaf in
            if case .string(let text) = leaf { .string(change(text)) } else { leaf }
        }
    }

    /// The object with the strings right inside it put through a change.
    func mappingTopStrings(_ change: (String) -> String) -> FormValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { member in
                guard case .string(let text) = member.value else { return member }
                return Member(name: member.name, value: .string(change(text)))
            })
    }
}
