extension Alteration {
    /// (10) White space at the ends of values.
    static let space: [Alteration] = [
        spaced("签名前没有去掉值首尾的空白", "White space around values was signed") { $0 },
        spaced("去掉了所有层级的首尾空白，而不只是顶层", "White space was taken off nested values too, not just top-level ones")
        {
            $0.mappingTexts(WhiteSpace.python.trimmed)
        },
        spaced("只去掉了顶层值首尾的空白", "White space was taken off top-level values") {
            $0.mappingTopStrings(WhiteSpace.python.trimmed)
        },
        spaced(
            "按 Java trim() 去空白：全角空格等还在",
            "White space was taken off as Java's trim() does, which leaves U+3000 and the like"
        ) {
            $0.mappingTopStrings(WhiteSpace.javaTrim.trimmed)
        },
        spaced("按 Java trim() 去掉了所有层级的空白", "White space was taken off at every level as Java's trim() does") {
            $0.mappingTexts(WhiteSpace.javaTrim.trimmed)
        },
        spaced("只去掉了 ASCII 空白", "Only ASCII white space was taken off") {
            $0.mappingTopStrings(WhiteSpace.ascii.trimmed)
        },
        spaced("按 JavaScript trim() 去空白", "White space was taken off as JavaScript's trim() does") {
            $0.mappingTopStrings(WhiteSpace.ecmaScript.trimmed)
        },
        spaced("连字段名首尾的空白也去掉了", "White space was taken off names as well") {
            $0.mappingTopStrings(WhiteSpace.python.trimmed).mappingNames(WhiteSpace.python.trimmed)
        },
        spaced("删除了值中间的空白", "White space inside values was taken out too") {
            $0.mappingTexts { String($0.unicodeScalars.filter { !WhiteSpace.python.contains($0) }) }
        },
    ]

    /// (11) Empty, missing and null taken for the same.
    static let empties: [Alteration] = [
        emptied("签名时没有省略空值", "Empty values were signed, not left out") { $0 },
        emptied("签名时省略了 null 字段", "Fields that are null were left out of the signed text") {
            $0.droppingEmpties(.null)
        },
        emptied("签名时省略了空字符串字段", "Fields that are empty text were left out of the signed text") {
            $0.droppingEmpties(.text)
        },
        emptied("签名时省略了 null 和空字符串字段", "Fields that are null or empty text were left out of the signed text")
        {
            $0.droppingEmpties([.null, .text])
        },
        emptied("签名时省略了 null、空字符串和空数组", "Null, empty text and empty arrays were left out of the signed text")
        {
            $0.droppingEmpties([.null, .text, .array])
        },
        emptied("签名时省略了一切空值，含空对象", "All empty values were left out of the signed text, {} too") {
            $0.droppingEmpties([.null, .text, .array, .object])
        },
        emptied("签名时只省略了顶层的 null", "Null was left out of the signed text on the outermost level") {
            $0.droppingTopEmpties(.null)
        },
        emptied("签名时只省略了顶层的空值", "Empty values were left out of the signed text on the outermost level") {
            $0.droppingTopEmpties([.null, .text])
        },
        emptied("签名时把 null 写成了空字符串", "Null was signed as empty text") {
            $0.mappingLeaves { if case .null = $0 { .string("") } else { $0 } }
        },
        emptied("签名时把空字符串写成了 null", "Empty text was signed as null") {
            $0.mappingLeaves { if case .string("") = $0 { .null } else { $0 } }
        },
        emptied("签名时把 null 写成了文本 \"null\"", "Null was signed as the text \"null\"") {
            $0.mappingLeaves { if case .null = $0 { .string("null") } else { $0 } }
        },
    ]

    /// (11) Names that the route knows and the request lacks, signed as null or empty text.
    static func missing(_ names: [String]) -> [Alteration] {
        let groups = names.map { [$0] } + (names.count > 1 ? [names] : [])
        return groups.flatMap { group in
            [FormValue.null, .string("")].map { value in
                let written = if case .null = value { "null" } else { "\"\"" }
                let list = group.joined(separator: ", ")
                return emptied(
                    "签名里有未发送的字段 \(list)，值为 \(written)",
                    "Fields that weren't sent were signed as \(written): \(list)"
                ) { $0.adding(group.map { FormValue.Member(name: $0, value: value) }) }
            }
        }
    }

    private static func spaced(
        _ chinese: String, _ english: String, _ change: @escaping @Sendable (FormValue) -> FormValue
    ) -> Alteration {
        Alteration(.surroundingSpace, .space, chinese, english) { $0.content?.space = change }
    }

    private static func emptied(
        _ chinese: String, _ english: String, _ change: @escaping @Sendable (FormValue) -> FormValue
    ) -> Alteration {
        Alteration(.emptyValues, .empties, chinese, english) { $0.content?.empties = change }
    }
}

extension FormValue {
    /// The object with the members it lacks.
    fileprivate func adding(_ others: [Member]) -> FormValue {
        guard case .object(let members) = self else { return self }
        let names = Set(members.map { Array($0.name.utf8) })
        return .object(members + others.filter { !names.contains(Array($0.name.utf8)) })
    }
}
