extension Alteration {
    /// (14) Numbers written another way.
    static let numbers: [Alteration] = [
        numbered(
            .source, "按原文写数字，没有规范化",
            "Numbers were signed as they stand in the body, not in the canonical form"),
        numbered(
            .ecmaScript, "按 JavaScript 的写法写数字（1.0 → 1）",
            "Numbers were signed as JavaScript writes them (1.0 as 1)"),
        numbered(
            .python, "按 Python 的写法写数字（1e2 → 100.0）",
            "Numbers were signed as Python writes them (1e2 as 100.0)"),
        numbered(.double, "整数被当成浮点数（1 → 1.0）", "Whole numbers were signed as floating-point ones (1 as 1.0)"),
        numbered(
            .javaDouble, "按 Java Double 的写法写数字（1.0E7）",
            "Numbers were signed as Java's Double writes them (1.0E7)"),
        numbered(
            .bigDecimal, "按 Java BigDecimal 的写法写数字（1E+2）",
            "Numbers were signed as Java's BigDecimal writes them (1E+2)"),
        numbered(
            .plain, "去掉了小数末尾的零，不用指数", "Numbers were signed without zeros at the end and without exponent"),
        numbered(.twoPlaces, "数字写成两位小数（100 → 100.00）", "Numbers were signed with two places (100 as 100.00)"),
        numbered(.quotedSource, "数字被写成字符串", "Numbers were signed as text in quotes"),
        numbered(.quotedEcmaScript, "数字去零后写成字符串", "Numbers were signed as text in quotes, without zeros"),
        numbered(.quotedTwoPlaces, "数字写成两位小数的字符串", "Numbers were signed as text in quotes with two places"),
        Alteration(
            .numberText, .numbers, "看起来像数字的字符串按数字签名（\"1\" → 1）",
            "Text that looks like a number was signed as one (\"1\" as 1)"
        ) { replay in
            guard let value = replay.content?.value else { return }
            replay.content?.value = value.mappingLeaves { leaf in
                guard case .string(let text) = leaf, DecimalText(text) != nil else { return leaf }
                return .number(text)
            }
            replay.content?.form.numbers = .source
        },
    ]

    private static func numbered(_ form: NumberForm, _ chinese: String, _ english: String) -> Alteration {
        Alteration(.numberText, .numbers, chinese, english) {
            $0.content?.form.numbers = form
            // Who puts numbers in quotes mostly does the same to true and false.
            switch form {
            case .quotedSource, .quotedEcmaScript, .quotedTwoPlaces: break
            default: $0.content?.form.quotesBooleans = false
            }
        }
    }
}
