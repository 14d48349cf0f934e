extension SignatureExplanation {
    /// The explanation as one JSON object, in UTF-8:
    /// `{"verdict":…,"profile":…,"key_id":…,"refusal":{"code":…,"detail":…}|null,"findings":[{"mistake":…,"number":…,
    /// "certainty":…,"detail":{"zh":…,"en":…},"cause":{…},"cure":{…}}],"steps":[{"title":{…},"outcome":…,"text":…}]}`.
    public var json: [UInt8] {
        let refused: FormValue =
            refusal.map { .named([("code", .string($0.code.rawValue)), ("detail", .string($0.detail))]) }
            ?? .null
        let value = FormValue.named([
            ("verdict", .string(verdict.rawValue)), ("profile", .optional(profileID)),
            ("key_id", .optional(keyID)),
            ("refusal", refused), ("findings", .array(findings.map(\.json))),
            ("steps", .array(steps.map(\.json))),
        ])
        return WrittenForm(order: .source, numbers: .source).write(value)
    }
}

extension SignatureFinding {
    fileprivate var json: FormValue {
        .named([
            ("mistake", .string(mistake.rawValue)),
            ("number", mistake.number.map { .number("\($0)") } ?? .null),
            ("certainty", .string(certainty.rawValue)), ("detail", detail.json), ("cause", cause.json),
            ("cure", cure.json),
        ])
    }
}

extension SignatureStep {
    fileprivate var json: FormValue {
        .named([("title", title.json), ("outcome", .string(outcome.rawValue)), ("text", .string(text))])
    }
}

extension BilingualText {
    fileprivate var json: FormValue { .named([("zh", .string(chinese)), ("en", .string(english))]) }
}

extension FormValue {
    fileprivate static func named(_ members: [(String, FormValue)]) -> FormValue {
        .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    fileprivate static func optional(_ text: String?) -> FormValue { text.map { .string($0) } ?? .null }
}
