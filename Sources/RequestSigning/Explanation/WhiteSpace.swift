/// What counts as white space at a value's ends, in one or another language.
enum WhiteSpace: Sendable {
    /// Python's `str.strip()`: the profiles' own.
    case python
    /// Java's `trim()`: everything up to U+0020 and nothing beyond.
    case javaTrim
    /// ASCII's six.
    case ascii
    /// ECMAScript's `trim()`: also U+FEFF, but not U+001C…U+001F and U+0085.
    case ecmaScript

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .python: PythonSpace.isSpace(scalar.value)
        case .javaTrim: scalar <= " "
        case .ascii: scalar == " " || ("\t"..."\r").contains(scalar)
        case .ecmaScript:
            scalar == "\u{feff}"
                || PythonSpace.isSpace(scalar.value) && scalar != "\u{85}"
                    && !("\u{1c}"..."\u{1f}").contains(scalar)
        }
    }

    func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !contains($0) }),
            let last = scalars.lastIndex(where: { !contains($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
