/// Values that some libraries leave out.
struct EmptyKinds: OptionSet, Sendable {
    let rawValue: Int

    static let null = EmptyKinds(rawValue: 1)
    static let text = EmptyKinds(rawValue: 2)
    static let array = EmptyKinds(rawValue: 4)
    static let object = EmptyKinds(rawValue: 8)

    func holds(_ value: FormValue) -> Bool {
        switch value {
        case .null: contains(.null)
        case .string(let text): text.isEmpty && contains(.text)
        case .array(let elements): elements.isEmpty && contains(.array)
        case .object(let members): members.isEmpty && contains(.object)
        case .bool, .number: false
        }
    }
}

extension FormValue {
    /// Without the empty values inside it; what becomes empty by that stays.
    func droppingEmpties(_ kinds: EmptyKinds) -> FormValue {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements):
            .array(elements.filter { !kinds.holds($0) }.map { $0.droppingEmpties(kinds) })
        case .object(let members):
            .object(
                members.filter { !kinds.holds($0.value) }
                    .map { Member(name: $0.name, value: $0.value.droppingEmpties(kinds)) })
        }
    }

    /// Without the empty values of the outermost object.
    func droppingTopEmpties(_ kinds: EmptyKinds) -> FormValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !kinds.holds($0.value) })
    }
}
