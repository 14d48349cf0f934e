extension Alteration {
    /// (16) Names in another order.
    static let order: [Alteration] = [
        ordered(.source, "键没有排序，按发送时的顺序签名", "Names weren't sorted but signed in the order they are sent"),
        ordered(.topOnly, "只对最外层的键排序", "Only the outermost level was sorted"),
        ordered(.codePoint, "按码点（区分大小写）排序键", "Names were sorted by code point, with regard to case"),
        ordered(
            .caselessLower, "忽略大小写排序键（按小写比较）", "Names were sorted without regard to case, as small letters"),
        ordered(
            .caselessUpper, "忽略大小写排序键（按大写比较，下划线排在字母之后）",
            "Names were sorted without regard to case, as capitals, which puts _ behind the letters"),
        ordered(.utf16, "按 UTF-16 编码单元排序键", "Names were sorted by UTF-16 code unit"),
        ordered(.descending, "键按降序排列", "Names were sorted from last to first"),
        Alteration(
            .memberOrder, .order, "先排序再转换字段名", "Names were sorted before they were converted, not after"
        ) { replay in
            guard let content = replay.content else { return }
            replay.content?.value = content.value.sortingMembers(content.form.order)
            replay.content?.form.order = .source
        },
    ]

    private static func ordered(_ order: MemberOrder, _ chinese: String, _ english: String) -> Alteration {
        Alteration(.memberOrder, .order, chinese, english) { $0.content?.form.order = order }
    }
}

extension FormValue {
    fileprivate func sortingMembers(_ order: MemberOrder) -> FormValue {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map { $0.sortingMembers(order) })
        case .object(let members):
            .object(
                order.sorted(members, isTop: true).map {
                    Member(name: $0.name, value: $0.value.sortingMembers(order))
                })
        }
    }
}
