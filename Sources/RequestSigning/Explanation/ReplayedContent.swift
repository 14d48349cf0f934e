/// How business parameters became the text that was signed, a stage at a time, so that each can be altered.
struct ReplayedContent: Sendable {
    /// The parameters as they were sent, their names too.
    var value: FormValue
    var names: @Sendable (String) -> String
    var empties: @Sendable (FormValue) -> FormValue
    var space: @Sendable (FormValue) -> FormValue
    /// What is done to every text: a normal form, a wrong decoding.
    var text: @Sendable (FormValue) -> FormValue = { $0 }
    var form: WrittenForm
    /// What is done to the written bytes: another character set, a BOM.
    var bytes: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    /// The profile's own way for a form.
    init(_ value: FormValue, _ canonical: CanonicalForm) {
        self.value = value
        switch canonical {
        case .python, .jcs:
            names = { FieldName.snakeCase($0) }
            empties = { $0 }
            space = { $0.mappingTopStrings(WhiteSpace.python.trimmed) }
            form =
                canonical == .jcs
                ? WrittenForm(order: .utf16, numbers: .ecmaScript)
                : WrittenForm(numbers: .python, escapes: .python)
        case .envelope(let order):
            names = { $0 }
            empties = { $0.droppingEmpties([.null, .text, .array]) }
            space = { $0 }
            form = WrittenForm(
                order: order == .codePoint ? .codePoint : .caselessLower, numbers: .quotedSource,
                quotesBooleans: true)
        }
    }

    func written() -> [UInt8] {
        bytes(form.write(text(space(empties(value.mappingNames(names))))))
    }
}
