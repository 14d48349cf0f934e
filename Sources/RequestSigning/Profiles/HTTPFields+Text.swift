import HTTPTypes

extension HTTPFields {
    /// A field's value, lines joined with ", "; nil if there is none. The name is in lower case.
    func text(_ name: String) -> String? {
        var text: String?
        for field in self where field.name.canonicalName == name {
            text = text.map { $0 + ", " + field.value } ?? field.value
        }
        return text
    }

    /// Puts a value in the place of all lines of that name.
    mutating func set(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { return }
        self[name] = value
    }
}
