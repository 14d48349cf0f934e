extension Alteration {
    /// (13) Names in another style than the profile signs.
    static let names: [Alteration] = [
        named("按发送时的字段名签名，没有转换", "The names were signed as they are sent, unconverted") { $0 },
        named("用 camelCase 字段名签名", "The names were signed in camelCase") { FieldName.camelCase($0) },
        named("用 camelCase 字段名签名（逐个下划线转换）", "The names were signed in camelCase, underscore by underscore") {
            camel($0)
        },
        named("用 snake_case 字段名签名", "The names were signed in snake_case") { FieldName.snakeCase($0) },
        named(
            "转换 snake_case 时把缩写词逐字母拆开（patientID → patient_i_d）",
            "Names were converted letter by letter (patientID into patient_i_d)"
        ) { snake($0) },
        named("用 PascalCase 字段名签名", "The names were signed in PascalCase") { name in
            let camel = camel(name)
            return camel.prefix(1).uppercased() + camel.dropFirst()
        },
        named("签名前把字段名转成小写", "The names were signed in lower case") { $0.lowercased() },
        named("签名前把字段名转成大写", "The names were signed in upper case") { $0.uppercased() },
    ]

    private static func named(
        _ chinese: String, _ english: String, _ convert: @escaping @Sendable (String) -> String
    ) -> Alteration {
        Alteration(.fieldNames, .names, chinese, english) { $0.content?.names = convert }
    }

    private static func camel(_ name: String) -> String {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        return words.dropFirst().reduce(String(words.first ?? "")) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
    }

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            let isCapital = letter.isASCII && letter.isUppercase
            text += isCapital ? (text.isEmpty ? "" : "_") + letter.lowercased() : String(letter)
        }
    }
}
