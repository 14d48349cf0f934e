extension FormValue {
    init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .bool(value.boolean ?? false)
        case .number: self = .number(value.numberText ?? "0")
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(value.elements.map(FormValue.init))
        case .object: self = .object(value.members.map { Member(name: $0.name, value: FormValue($0.value)) })
        }
    }
}
